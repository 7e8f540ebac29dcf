"""When the failure of a spawned actor is told: not before somebody could have joined it, and not later than that."""

import os
import re
import subprocess
import unittest

SOCKSH = os.environ["SOCKSH"]
WORK = "def work why { fail why }\n"


class Spawned(unittest.TestCase):
    def said(self, script):
        """What the script prints, and what is told of its actors, in the order in which it came."""
        done = subprocess.run([SOCKSH, "-c", WORK + script], stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stdout)
        return re.findall(r"^in (work\.\d): .*error: (\w+)|^(print \w+)$", done.stdout, re.MULTILINE)

    def ended(self, actor):
        """Statements that wait until the actor has ended, and do not join it."""
        return f'loop {{ try {{ interrupt {actor} }} catch e {{ if "has ended" in "{{e}}" {{ break }} }} }}\n'

    def test_a_value_that_is_overwritten(self):
        told = self.said(f't = spawn work "first"\n{self.ended("t")}print "print held"\nt = 0\nprint "print dropped"')
        self.assertEqual(told, [("", "", "print held"), ("work.1", "first", ""), ("", "", "print dropped")])

    def test_a_value_that_is_overwritten_by_the_next(self):
        told = self.said(f'for why in ["first", "second", "third"] {{ t = spawn work why; {self.ended("t").strip()} }}\n'
                         'print "print end"')
        self.assertEqual(told, [("work.1", "first", ""), ("work.2", "second", ""), ("", "", "print end"),
                                ("work.3", "third", "")])

    def test_nobody_ever_held_it(self):
        """Its end and what main does meanwhile have no order; once is enough."""
        told = self.said(f'spawn work "first"\n{self.ended("work.1")}print "print later"')
        self.assertEqual(sorted(told), [("", "", "print later"), ("work.1", "first", "")])

    def test_joined(self):
        told = self.said('t = spawn work "first"\ntry { join t } catch e { }\nt = 0\nprint "print end"')
        self.assertEqual(told, [("", "", "print end")])
        told = self.said('t = spawn work "first"\nu = t\nt = 0\ntry { join u } catch e { }\nprint "print end"')
        self.assertEqual(told, [("", "", "print end")])

    def test_where_an_error_was_raised_first(self):
        """Who joins it and who raises it again stand in front; the place in between is no matter."""
        for script, wanted in (
                ("def f { close 99 }\nx = spawn f; join x", "in f.1: -c:1:15: it was raised here\n  def f { close 99 }\n"),
                ("def f { close 99 }\ndef g { y = spawn f; join y }\nx = spawn g; join x",
                 "in f.1: -c:1:15: it was raised here\n"),
                ("def f e { fail e }\ntry { close 99 } catch e { x = spawn f e; join x }",
                 "\n-c:2:13: it was raised here\n"),
                ("try { close 99 } catch e { fail e }", "\n-c:1:13: it was raised here\n")):
            with self.subTest(script):
                done = subprocess.run([SOCKSH, "-c", script], capture_output=True, text=True, timeout=60)
                self.assertIn(wanted, done.stderr)
                self.assertEqual(done.stderr.count("it was raised here"), 1)
        for script in ("close 99", "def f { close 99 }\nf", "def f { close 99 }\nspawn f\n" + self.ended("f.1")):
            with self.subTest(script):
                done = subprocess.run([SOCKSH, "-c", script], capture_output=True, text=True, timeout=60)
                self.assertIn("EBADF", done.stderr)
                self.assertNotIn("it was raised here", done.stderr)

    def test_what_interrupt_says_of_one_that_computes(self):
        script = ("def spin { loop { } }\nt = spawn spin\ntry { interrupt t } catch e { print e }\nkill t\n"
                  "try { interrupt main } catch e { print e }")
        done = subprocess.run([SOCKSH, "-c", script], capture_output=True, text=True, timeout=60)
        self.assertEqual(done.stdout, "spin.1 does not wait in a call right now; kill spin.1 ends it all the same\n"
                                      "main does not wait in a call\n")

    def test_a_statement_for_one_that_is_killed(self):
        """It stands behind one that computes; sent a moment late, it would run in a new actor of that name."""
        script = ('p, q = socketpair\ndef spin { @d { send 3 "x"; loop { } } }\ndef behind { @d { now }; return "ran" }\n'
                  'spun = spawn spin\nprint (recv q 1)\ngiven = spawn behind\nsleep 1s\nkill d\n'
                  'try { print (join given) } catch e { print e }\ntry { join spun } catch e { print e }')
        done = subprocess.run([SOCKSH, "-c", script], capture_output=True, text=True, timeout=60)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertRegex(done.stdout, r"^x\n(ECANCELED: d was ended before it had done this|ran)\nECANCELED: .*\n$")


if __name__ == "__main__":
    unittest.main()
