"""What ends a command early, in one or two lines on stderr."""

import json

import click

from fakeproviders.failures import Words
from fakeproviders.system_errors import why


class CliError(click.ClickException):
    """Wrong usage or a wrong environment: exit code 2."""

    exit_code = 2


class UnreachableError(CliError):
    """No control server answers at the address, or one that is about to stop."""


def not_written(file: object, error: OSError) -> Words:
    """Why a file cannot be written."""
    reason = why(error)
    return Words(zh=f"无法写入 {file}：{reason.zh}", en=f"Cannot write {file}: {reason.en}")


def place_in_json(error: ValueError) -> str:
    """Where a text stops being JSON, in Chinese."""
    if isinstance(error, json.JSONDecodeError):
        return f"第 {error.lineno} 行第 {error.colno} 列"
    return "编码有误"
