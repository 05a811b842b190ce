"""jupyter-scheduler's jobs run as ours: parameters typed by the notebook, our HTML and PDF, errors as sentences."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from jupyter_scheduler.environments import EnvironmentManager
from jupyter_scheduler.executors import DefaultExecutionManager
from jupyter_scheduler.job_files_manager import Downloader, JobFilesManager
from jupyter_scheduler.models import RuntimeEnvironment, Status
from jupyter_scheduler.orm import Job

from analysis.errors import TightropeError

FORMATS = {"ipynb": "Notebook", "html": "Tightrope HTML", "pdf": "Tightrope PDF"}
"""The formats of a job's files by suffix, and what the form calls them."""


class ReportExecutionManager(DefaultExecutionManager):  # type: ignore[misc]
    """Runs a job in the process that jupyter-scheduler has started for it."""

    def execute(self) -> None:
        """Run the job's notebook and write the formats that were asked for.

        Raises
        ------
        TightropeError
            As :func:`analysis.lab.jobs.run_job`.
        """
        from analysis.lab.jobs import run_job  # loads all that makes a report, which the server does not need

        outputs = {suffix: Path(self.staging_paths[suffix]) for suffix in self.model.output_formats}
        run_job(Path(self.staging_paths["input"]), self.model.parameters or {}, outputs)

    def on_failure(self, error: Exception) -> None:
        """Keep the error for the job's detail view; only one of ours is told without its traceback in the log."""
        if not isinstance(error, TightropeError):
            super().on_failure(error)
            return
        with self.db_session() as session:
            job = session.query(Job).filter(Job.job_id == self.job_id)
            job.update({"status": Status.FAILED, "status_message": str(error)})
            session.commit()


class ReportEnvironmentManager(EnvironmentManager):  # type: ignore[misc]
    """The one environment that reports are made in: this one."""

    def list_environments(self) -> list[RuntimeEnvironment]:
        """The environment, with the formats of its files."""
        return [
            RuntimeEnvironment(
                name="tightrope",
                label="Tightrope",
                description="The environment that this JupyterLab runs in",
                file_extensions=["ipynb"],
                output_formats=list(FORMATS),
                metadata={"path": sys.executable},
            )
        ]

    def manage_environments_command(self) -> str:
        """No command: there is nothing to manage."""
        return ""

    def output_formats_mapping(self) -> dict[str, str]:
        """What the form calls each format."""
        return FORMATS


class ReportFilesManager(JobFilesManager):  # type: ignore[misc]
    """Brings a job's files to where its detail view looks for them, whatever folder the server was started in."""

    async def copy_from_staging(self, job_id: str, redownload: bool | None = False) -> None:
        """Copy the files of a job below the root of JupyterLab; they are there when this returns."""
        job = self.scheduler.get_job(job_id, False)
        downloader = Downloader(
            output_formats=job.output_formats,
            output_filenames=self.scheduler.get_job_filenames(job),
            staging_paths=self.scheduler.get_staging_paths(job),
            output_dir=self.scheduler.get_local_output_path(model=job),
            redownload=bool(redownload),
            include_staging_files=bool(job.package_input_folder),
        )
        await asyncio.to_thread(downloader.download)
