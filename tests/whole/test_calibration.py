#!/usr/bin/python3
"""The uncertainty is honest: simulated panels keep the promises, and README's table is what the program prints."""
import subprocess
import unittest

import harness


class Calibration(unittest.TestCase):
    def test_promises_are_kept_and_the_table_is_true(self):
        done = subprocess.run([harness.BUILD / "tests/calibration"], capture_output=True, text=True, timeout=4 * harness.SECONDS)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn(done.stdout, (harness.ROOT / "README.md").read_text())

    def test_a_broken_promise_is_a_failure(self):
        # Ten studies a row are too few to come out within the limits in every row.
        done = subprocess.run([harness.BUILD / "tests/calibration", "10"], capture_output=True, text=True, timeout=harness.SECONDS)
        self.assertEqual(done.returncode, 1)
        self.assertIn("break a promise", done.stderr)


if __name__ == "__main__":
    harness.main()
