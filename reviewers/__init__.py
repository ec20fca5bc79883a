"""Pages of Reviewers: reading feedback, the Feedback Digest."""
