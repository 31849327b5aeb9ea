"""Why the operating system did not do it, in both languages.

The system says it in English, as far as we are concerned; the common reasons are known in Chinese too.
"""

import errno
import re
import socket

from fakeproviders.failures import Words

_CHINESE = {
    errno.ENOENT: "文件或目录不存在",
    errno.EISDIR: "这是目录，不是文件",
    errno.ENOTDIR: "路径中有一段不是目录",
    errno.EACCES: "没有权限",
    errno.EPERM: "不允许此操作",
    errno.EROFS: "文件系统只读",
    errno.ENOSPC: "磁盘空间不足",
    errno.EDQUOT: "超出磁盘配额",
    errno.ENAMETOOLONG: "文件名过长",
    errno.EMFILE: "本进程打开的文件过多",
    errno.ENFILE: "系统打开的文件过多",
    errno.EIO: "读写出错",
    errno.ECONNREFUSED: "连接被拒绝",
    errno.ECONNRESET: "连接被对方断开",
    errno.ECONNABORTED: "连接已中止",
    errno.EPIPE: "对方已关闭连接",
    errno.ETIMEDOUT: "超时，没有应答",
    errno.EHOSTUNREACH: "无法到达该主机",
    errno.ENETUNREACH: "无法到达该网络",
    errno.EADDRINUSE: "地址已被占用",
    errno.EADDRNOTAVAIL: "本机没有这个地址",
}
_NAMES = {
    socket.EAI_NONAME: "找不到这个主机名",
    socket.EAI_AGAIN: "暂时无法解析主机名",
    socket.EAI_FAIL: "无法解析主机名",
}
"""Of the look-up of names, whose numbers mean something else than those above."""
_WITHOUT_NUMBER = (
    (TimeoutError, errno.ETIMEDOUT),
    (ConnectionRefusedError, errno.ECONNREFUSED),
    (ConnectionResetError, errno.ECONNRESET),
)
"""Python raises these itself too."""
_QUOTED = re.compile(r"\[Errno (?P<number>-?\d+)\] (?P<said>[A-Za-z ]+)|\btimed out\b")


def why(error: OSError) -> Words:
    """What the system says; in Chinese as well where that is known, else the same."""
    said = error.strerror or str(error) or type(error).__name__
    if isinstance(error, socket.gaierror):
        chinese = _NAMES.get(error.errno or 0)
    else:
        chinese = _CHINESE.get(error.errno or _number(error))
    return Words(zh=chinese or said, en=said)


def in_chinese(text: str) -> str:
    """A text of other programs', with Python's ``[Errno 111] Connection refused`` in Chinese if known."""
    return _QUOTED.sub(_one_in_chinese, text)


def _one_in_chinese(found: re.Match[str]) -> str:
    number, said = found["number"], found["said"]
    if number is None:
        return why(TimeoutError()).zh
    kind = socket.gaierror if number.startswith("-") else OSError
    return why(kind(int(number), said)).zh


def _number(error: OSError) -> int:
    return next((number for kind, number in _WITHOUT_NUMBER if isinstance(error, kind)), 0)
