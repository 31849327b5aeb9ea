"""What stands between the parts of a text, in both languages."""

from fakeproviders.failures import Words

COLON = Words(zh="：", en=": ")
COMMA = Words(zh="，", en=", ")
SEMICOLON = Words(zh="；", en="; ")
