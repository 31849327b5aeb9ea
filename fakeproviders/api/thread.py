"""An event loop in a thread of its own, and waiting for what is done there."""

import asyncio
import importlib
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from contextlib import AbstractAsyncContextManager
from typing import Any, Generic, TypeVar

from fakeproviders.loops import loop_factory

T = TypeVar("T")
R = TypeVar("R")


class LoopThread(Generic[T]):
    """Keeps an asynchronous context open in a loop and a thread of its own.

    The thread is a daemon: a process that is torn down in a hurry does not wait for it.
    """

    def __init__(self, opened: Callable[[], AbstractAsyncContextManager[T]]) -> None:
        self._opened = opened
        self._ready: Future[T] = Future()
        self._ended: Future[None] = Future()
        self._thread = threading.Thread(target=self._run, name="fakeproviders", daemon=True)

    def start(self) -> Future[T]:
        """Begin. The future has what the context gives, or the error that kept it from opening."""
        self._ready.set_running_or_notify_cancel()
        self._thread.start()
        return self._ready

    def submit(self, work: Coroutine[Any, Any, R]) -> Future[R]:
        """Run a coroutine there. Raises RuntimeError when nothing is open (any more)."""
        if not self._ready.done() or self._stopping.is_set():
            work.close()
            raise RuntimeError("the harness is not running: use it inside its with block")
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def stop(self) -> Future[None]:
        """Close the context, and end the loop; what still runs there is cancelled."""
        self._loop.call_soon_threadsafe(self._stopping.set)
        return self._ended

    def give_up(self) -> None:
        """Stop as soon as it has started: nobody waits for that any more."""
        self._ready.add_done_callback(self._stop_what_started)

    def join(self) -> None:
        """Return when the thread is no more; that is soon after it has stopped, or failed to start."""
        self._thread.join()

    def _stop_what_started(self, ready: Future[T]) -> None:
        if ready.exception() is None:
            self.stop()

    def _run(self) -> None:
        self._ended.set_running_or_notify_cancel()
        try:
            with asyncio.Runner(loop_factory=loop_factory()) as runner:
                runner.run(self._keep_open())
        except BaseException as error:  # noqa: BLE001 - raised where the result is waited for
            (self._ended if self._ready.done() else self._ready).set_exception(error)
        else:
            self._ended.set_result(None)

    async def _keep_open(self) -> None:
        self._loop, self._stopping = asyncio.get_running_loop(), asyncio.Event()
        async with self._opened() as value:
            self._ready.set_result(value)
            await self._stopping.wait()


def waited(future: Future[R]) -> R:
    """The result of what another thread does; an interrupt cancels that."""
    try:
        return future.result()
    except BaseException:
        future.cancel()
        raise


async def awaited(future: Future[R]) -> R:
    """The same without blocking the loop that this is called in, asyncio's or trio's."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return await _awaited_in_trio(future)
    return await asyncio.wrap_future(future)


async def _awaited_in_trio(future: Future[R]) -> R:
    trio = importlib.import_module("trio")  # loaded, or nobody could have called this
    try:
        result: R = await trio.to_thread.run_sync(future.result, abandon_on_cancel=True)
    finally:
        future.cancel()
    return result
