"""The cellar: tools that know Django and libraries, and no app. No models, no addresses."""
