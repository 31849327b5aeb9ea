"""All texts of the pages, by the names that the templates use."""

from fakeproviders.failures import Words
from fakeproviders.panel.pages.texts.frame import FRAME, HOME
from fakeproviders.panel.pages.texts.logs import LOGS
from fakeproviders.panel.pages.texts.members import MEMBERS
from fakeproviders.panel.pages.texts.notices import NOTICES
from fakeproviders.panel.pages.texts.settings import SETTINGS

TEXTS: dict[str, Words] = FRAME | HOME | SETTINGS | LOGS | NOTICES | MEMBERS
