#!/usr/bin/python3
"""A pull of the whole sample, killed at two hundred points from its first moment to its last, resumed, and its store
compared with an undisturbed one. INNSIKT_SOAK=N tries N points."""
import os
import shutil
import signal
import time

import harness


class SideBySide(harness.Case):
    """The whole sample, LimeSurvey and ODK Central and files at once, killed at many points from its first moment to its
    last."""

    # Under the sanitizers a start takes several times as long, so fewer are tried.
    POINTS = int(os.environ.get("INNSIKT_SOAK", 40 if harness.SLOW else 200))

    def light(self, name, server):
        """The sample with its files, but without what a copy of the workbook and the pictures would cost."""
        folder = self.home / name
        folder.mkdir()
        for path in harness.SAMPLE.iterdir():
            (folder / path.name).symlink_to(path)
        return harness.Project(folder, server)

    def timed(self, project):
        started = time.monotonic()
        self.succeeds(project.run("collect"))
        return time.monotonic() - started

    def test_killed_at_many_points(self):
        server = self.serve()
        undisturbed = self.light("undisturbed", server)
        took = self.timed(undisturbed)
        wanted = undisturbed.dump()
        self.assertEqual({row[0] for row in wanted["responses"]}, set(harness.SOURCES))
        killed = 0
        for point in range(self.POINTS):
            project = self.light(f"at{point}", server)
            process = project.start("collect")
            time.sleep(took * point / self.POINTS)
            process.kill()
            process.communicate()
            killed += process.returncode == -signal.SIGKILL
            self.succeeds(project.run("collect"))
            self.assertTrue(project.dump() == wanted, f"killed at point {point}, the store differs from an undisturbed one")
            shutil.rmtree(project.folder)
        self.assertGreater(killed, self.POINTS / 2, "most pulls ended before they could be killed")


if __name__ == "__main__":
    harness.main()
