"""What the demo mediators wrote about themselves: sentences by theme, each for one of the three texts.

Nothing in a theme contradicts another theme, so two themes can meet in one entry. No names, and nothing that the
other fields of the entry deny.
"""

from logbook_site.demo.reflections.at_times import AT_TIMES
from logbook_site.demo.reflections.beside import BESIDE
from logbook_site.demo.reflections.guiding import GUIDING
from logbook_site.demo.reflections.theme import Theme

THEMES: list[Theme] = [*GUIDING, *AT_TIMES, *BESIDE]
