"""The kernel manager of a report: what a notebook's client talks to is a process that is there already.

A usual manager looks ten times a second whether a kernel that it has killed is gone; a usual client knocks ten times a
second at a kernel that does not listen yet, and listens for a fifth of a second more once it has answered. In all these
times nothing happens, once for each report.
"""

from __future__ import annotations

import asyncio
import os
import time
from contextlib import suppress
from queue import Empty
from typing import TYPE_CHECKING, Any

import zmq
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

if TYPE_CHECKING:
    from analysis.reporting.kernel import ReportKernel

_ANSWER_SECONDS, _END_SECONDS = 1.0, 5.0
_RETRY_MILLISECONDS = 5


def manager_class(kernel: ReportKernel) -> type[AsyncKernelManager]:
    """A class of kernel managers whose kernel is this process.

    Parameters
    ----------
    kernel : ReportKernel
        The process.
    """
    traits: dict[str, Any] = {
        "connection_file": os.path.join(kernel.folder, "kernel.json"),
        "client_factory": _Client,
    }
    if os.name == "posix":
        # Ports are chosen before the kernel binds them, and another kernel may be faster: then it hangs.
        traits["transport"] = "ipc"

    class ReportProvisioner(_Provisioner):
        """Tells the process to become the kernel, where others start a new one."""

        async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
            # What follows the interpreter and its module are the kernel's own arguments.
            process: Any = kernel.begin(cmd[cmd.index("ipykernel_launcher") + 1 :])
            self.process, self.pid = process, process.pid
            return self.connection_info

    class ReportManager(AsyncKernelManager):
        """A manager that does not choose its provisioner by the kernel's specification."""

        def __init__(self, **given: Any) -> None:
            super().__init__(**{**given, **traits})
            self.provisioner = ReportProvisioner(kernel_id="report", kernel_spec=self.kernel_spec, parent=self)

    return ReportManager


class _Provisioner(LocalProvisioner):
    async def kill(self, restart: bool = False) -> None:
        """Kill the kernel, and wait for its end as such."""
        process = self.process
        await super().kill(restart)
        if process is not None:
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(asyncio.to_thread(process.wait), _END_SECONDS)


class _Client(AsyncKernelClient):
    def start_channels(self, *asked: Any, **named: Any) -> None:
        """Connect, and try again at once for as long as the kernel does not listen yet."""
        self.context.setsockopt(zmq.RECONNECT_IVL, _RETRY_MILLISECONDS)
        super().start_channels(*asked, **named)

    async def wait_for_ready(self, timeout: float | None = None) -> None:  # type: ignore[override]
        """Wait until the kernel has answered and has been heard to be idle again.

        Parameters
        ----------
        timeout : float, optional
            How long, in seconds; without limit if absent.

        Raises
        ------
        RuntimeError
            If it dies, or takes longer.
        """
        given_up = time.monotonic() + (float("inf") if timeout is None else timeout)
        while True:
            self.kernel_info()
            with suppress(Empty):
                reply = await self.shell_channel.get_msg(timeout=_ANSWER_SECONDS)
                # A kernel that is not heard yet is asked again: what it says before it is listened to is lost.
                while (await self.iopub_channel.get_msg(timeout=0.2))["content"].get("execution_state") != "idle":
                    pass
                self._handle_kernel_info_reply(reply)
                return
            if not await self._async_is_alive():
                raise RuntimeError("the kernel died before it was ready")
            if time.monotonic() > given_up:
                raise RuntimeError(f"the kernel was not ready within {timeout:g} seconds")
