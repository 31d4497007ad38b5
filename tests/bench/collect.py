#!/usr/bin/python3
"""Speed and memory of `innsikt collect` against LimeSurvey as the sample form server plays it.

Speed is a ratio within one run, so that it says the same on any machine: collecting 100,000 responses
of 40 questions against what nobody can do without, curl fetching the same bytes to a file and
sqlite3 inserting the same rows into our own schema. At most 1.5. Memory while collecting them stays
under 64 MiB and within 10 % of that for a tenth. Exit status 1 when either does not hold.

    tests/bench/collect.py [RESPONSES]      (100000)
"""
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request

BUILD = os.environ.get("INNSIKT_BUILD", "build/release")
PASSWORD = "Vinter-7-pingviner"
ROUNDS = 3
MOST_RATIO = 1.5
MOST_MIB = 64
MOST_GROWTH = 1.10
PAGE = 500

ITEMS = ["voice-neutral", "voice-knowledge"]


def questions():
    """40 columns: five arrays of six rows, six free texts, four single choices."""
    options = [{"code": str(c), "text": f"Trinn {c}", "order": c, "assessment_value": 0, "scale_id": 0}
               for c in (1, 2, 3, 4, 5)]
    out = []
    for a in range(5):
        out.append({"qid": 10 + a, "gid": 1, "code": f"MAL{a}", "type": "F", "text": "I hvilken grad …",
                    "help": "", "other": "N", "mandatory": "N", "answers": options,
                    "subquestions": [{"qid": 100 + 10 * a + r, "code": f"SQ{r:03}", "text": f"Rad {r}",
                                      "scale_id": 0} for r in range(1, 7)]})
    for t in range(6):
        out.append({"qid": 30 + t, "gid": 1, "code": f"TEKST{t}", "type": "T", "text": "Hva mener du?",
                    "help": "", "other": "N", "mandatory": "N"})
    for s in range(4):
        out.append({"qid": 40 + s, "gid": 1, "code": f"VALG{s}", "type": "L", "text": "Velg",
                    "help": "", "other": "N", "mandatory": "N", "answers": options})
    return out


def write_form(folder, sid, n):
    form = {"system": "limesurvey", "sid": sid, "title": "Måling", "language": "nb",
            "additional_languages": "", "active": True, "anonymized": "N", "datestamp": "Y",
            "groups": [{"gid": 1, "name": "Alt", "description": ""}], "questions": questions(),
            "responses": [], "generate": {"responses": n, "seed": 20210604, "from": 1}}
    path = os.path.join(folder, f"form-{sid}.json")
    with open(path, "w", encoding="utf-8") as out:
        json.dump(form, out)
    return path


def write_project(folder, sid, url):
    lines = ["innsikt: 1", "title: Måling", "language: nb", "framework: virksomhet",
             "privacy: {key: env:BENCH_KEY}", "sources:", "  svar:", "    kind: limesurvey",
             f"    url: {url}", f"    form: {sid}", "    user: innsikt",
             "    password: env:INNSIKT_SAMPLE_PASSWORD", "    method: survey", "    stream: staff",
             "    questions:"]
    for a in range(5):
        for r in range(1, 7):
            lines.append(f'      "MAL{a}[SQ{r:03}]": {{rating: {ITEMS[(a + r) % 2]}, scale: enig5}}')
    lines += [f"      TEKST{t}: {{statement: {{quadrant: strength}}}}" for t in range(6)]
    lines += [f"      VALG{s}: {{attribute: valg{s}}}" for s in range(4)]
    path = os.path.join(folder, f"project-{sid}")
    os.makedirs(path)
    with open(os.path.join(path, "project.yaml"), "w", encoding="utf-8") as out:
        out.write("\n".join(lines) + "\n")
    return path


def timed(arguments, **more):
    """Seconds and highest resident KiB of a program that must succeed."""
    start = time.perf_counter()
    child = subprocess.Popen(arguments, **more)
    _, status, usage = os.wait4(child.pid, 0)
    seconds = time.perf_counter() - start
    child.returncode = status
    if status:
        sys.exit(f"{arguments[0]} failed with status {status}")
    return seconds, usage.ru_maxrss


def call(url, method, *params):
    body = json.dumps({"method": method, "params": params, "id": 1}).encode()
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request) as reply:
        return json.load(reply)["result"]


def curl_script(folder, url, sid, n):
    """One curl that fetches what the collector fetches: the index and the pages, mapped fields only."""
    key = call(url, "get_session_key", "innsikt", PASSWORD)
    fields = list(call(url, "get_fieldmap", key, sid))
    system = ["id", "submitdate", "datestamp", "startlanguage"]
    wanted = [f for f in fields if f in system or f[0].isdigit()]
    spans = [(None, None, ["id", "submitdate", "datestamp"])]
    spans += [(low, min(low + PAGE - 1, n), wanted) for low in range(1, n + 1, PAGE)]
    blocks = []
    for i, (low, high, some) in enumerate(spans):
        data = os.path.join(folder, f"request-{sid}-{i}.json")
        with open(data, "w", encoding="utf-8") as out:
            json.dump({"method": "export_responses", "id": 1,
                       "params": [key, sid, "json", None, "all", "code", "short", low, high, some]}, out)
        blocks.append(f'url = "{url}"\nnoproxy = "*"\nsilent\n'
                      f'header = "Content-Type: application/json"\n'
                      f'data-binary = "@{data}"\noutput = "{folder}/reply-{i}"\n')
    script = os.path.join(folder, f"curl-{sid}.txt")
    with open(script, "w", encoding="utf-8") as out:
        out.write("next\n".join(blocks))
    return script


def fresh(project):
    for end in ("", "-wal", "-shm"):
        try:
            os.remove(os.path.join(project, "innsikt.db" + end))
        except FileNotFoundError:
            pass


def collect(project):
    fresh(project)
    return timed([os.path.join(BUILD, "innsikt"), "collect", "-q", "-C", project])


def measure_speed(folder, url, sid, n):
    project = write_project(folder, sid, url)
    script = curl_script(folder, url, sid, n)
    collect(project)
    dump = os.path.join(folder, "dump.sql")
    with open(dump, "w", encoding="utf-8") as out:
        timed(["sqlite3", os.path.join(project, "innsikt.db"), ".dump"], stdout=out)
    # The best of several rounds: what else the machine does only ever adds.
    ours = curl = sqlite = float("inf")
    peak = 0
    for i in range(ROUNDS):
        seconds, resident = collect(project)
        ours, peak = min(ours, seconds), max(peak, resident)
        curl = min(curl, timed(["curl", "--config", script])[0])
        copy = os.path.join(folder, f"copy-{i}.db")
        with open(dump, encoding="utf-8") as lines:
            sqlite = min(sqlite, timed(["sqlite3", copy], stdin=lines, stdout=subprocess.DEVNULL)[0])
    ratio = ours / (curl + sqlite)
    size = sum(os.path.getsize(os.path.join(folder, f)) for f in os.listdir(folder)
               if f.startswith("reply-"))
    print(f"{n} responses x 40 questions, {size / 1e6:.1f} MB: innsikt {ours:.3f} s, "
          f"curl {curl:.3f} s + sqlite3 {sqlite:.3f} s: ratio {ratio:.2f} (at most {MOST_RATIO})")
    return ratio <= MOST_RATIO, peak


def measure_memory(folder, url, sid, n, peak):
    _, tenth = collect(write_project(folder, sid, url))
    print(f"{n} responses: {tenth / 1024:.1f} MiB at most; ten times as many: {peak / 1024:.1f} MiB (under {MOST_MIB}), "
          f"a factor of {peak / tenth:.3f} (at most {MOST_GROWTH})")
    return peak / 1024 < MOST_MIB and peak / tenth <= MOST_GROWTH


def main():
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 100000
    os.environ["INNSIKT_SAMPLE_PASSWORD"] = PASSWORD
    os.environ["BENCH_KEY"] = "8c41e07bd25f"
    with tempfile.TemporaryDirectory(prefix="innsikt-bench-") as folder:
        forms = [write_form(folder, sid, size) for sid, size in [(10001, n), (10002, n // 10)]]
        server = subprocess.Popen([os.path.join(BUILD, "samples/server/formserver"), *forms],
                                  stdout=subprocess.PIPE, text=True)
        try:
            port = server.stdout.readline().split()[1]
            url = f"http://127.0.0.1:{port}/index.php/admin/remotecontrol"
            fast, peak = measure_speed(folder, url, 10001, n)
            lean = measure_memory(folder, url, 10002, n // 10, peak)
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait()
    sys.exit(0 if fast and lean else 1)


if __name__ == "__main__":
    main()
