"""The kernel a report runs on: a process of its own that does its imports while the parameters are checked."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from analysis.paths import DATA_VARIABLE, NOTEBOOKS

if TYPE_CHECKING:
    from jupyter_client.manager import AsyncKernelManager

_ENVIRONMENT = {"MPLBACKEND": "agg", "PYTHONHASHSEED": "0", "PYDEVD_DISABLE_FILE_VALIDATION": "1"}


class WaitingKernel:
    """A process with its imports done that becomes a kernel when a manager starts it, and ends with its context.

    Parameters
    ----------
    data : Path
        Folder of built tables that its notebook reads.

    Examples
    --------
    >>> with WaitingKernel(Path("data/processed")) as kernel:
    ...     kernel.process.poll() is None
    True
    >>> kernel.process.poll() is None
    False
    """

    def __init__(self, data: Path) -> None:
        environment = {
            **os.environ,
            **_ENVIRONMENT,
            DATA_VARIABLE: str(data.resolve()),
            "JPY_PARENT_PID": str(os.getpid()),
        }
        self._folder = tempfile.TemporaryDirectory(prefix="tightrope-", ignore_cleanup_errors=True)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "analysis.reporting.waiting"],
            stdin=subprocess.PIPE,
            cwd=NOTEBOOKS,
            env=environment,
            start_new_session=True,
        )

    def __enter__(self) -> WaitingKernel:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.kill()
        self.process.wait()
        if self.process.stdin is not None:
            self.process.stdin.close()
        self._folder.cleanup()

    def manager_class(self) -> type[AsyncKernelManager]:
        """A class of kernel managers whose kernel is this process."""
        from jupyter_client.manager import AsyncKernelManager
        from jupyter_client.provisioning.local_provisioner import LocalProvisioner

        process = self.process
        connection = {"connection_file": os.path.join(self._folder.name, "kernel.json")}
        if os.name == "posix":
            # Ports are chosen before the kernel binds them, and another kernel may be faster: then it hangs.
            connection["transport"] = "ipc"

        class WaitingProvisioner(LocalProvisioner):
            """Tells the waiting process to become the kernel, where others start a new one."""

            async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
                assert process.stdin is not None
                # What follows the interpreter and its module are the kernel's own arguments.
                process.stdin.write(json.dumps(cmd[cmd.index("ipykernel_launcher") + 1 :]).encode() + b"\n")
                process.stdin.close()
                self.process = process
                self.pid = process.pid
                return self.connection_info

        class WaitingManager(AsyncKernelManager):
            """A manager that does not choose its provisioner by the kernel's specification."""

            def __init__(self, **traits: Any) -> None:
                super().__init__(**{**traits, **connection})
                self.provisioner = WaitingProvisioner(kernel_id="report", kernel_spec=self.kernel_spec, parent=self)

        return WaitingManager
