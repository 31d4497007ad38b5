/* project.yaml: every complaint when it is not right. */
#include "tests/schemas/project_text.h"

typedef struct {
    const char *name, *text, *message;
} Broken;

#define P "project.yaml:"

static const Broken broken[] = {
    {"empty map", "{}\n",
     P "1:1: `framework` is missing; name a built-in one (ehelse, virksomhet) or a file"},
    {"a list", "- 1\n", P "1:1: a project file must be a map (`key: value`)"},
    {"only a framework", "framework: ehelse\n",
     P "1:1: `innsikt` is missing; begin the file with `innsikt: 1`\n" P
       "1:1: `title` is missing; add `title: …`, it heads the workbook\n" P
       "1:1: `privacy.key` is missing; add `privacy: {key: env:NAME}`, `file:PATH` or "
       "`command:PROGRAM`"},
    {"no such framework", "framework: ehlese\n",
     P "1:12: no built-in framework \"ehlese\"; did you mean \"ehelse\"? (a file's name ends in "
       ".yaml)"},
    {"no such framework file", "\nframework: rammer/e.yaml\n",
     P "2:12: rammer/e.yaml: cannot be read: No such file or directory"},
    {"nearest key", HEAD "langauge: nb\nround: {numbre: 1, number: 1}\nfoo: 1\n",
     P "5:1: unknown key \"langauge\"; did you mean \"language\"?\n" P
       "6:9: unknown key \"numbre\"; did you mean \"number\"?\n" P
       "7:1: unknown key \"foo\"; known here: innsikt, title, language, framework, store, privacy, "
       "analysis, timezone, round, thresholds, organisations, recipients and 5 more"},
    {"no such language", HEAD "language: no\n",
     P "5:11: language cannot be \"no\"; did you mean \"nb\"?"},
    {"no such zone", HEAD "timezone: Europe/Olso\n",
     P "5:11: timezone \"Europe/Olso\" is not known; write it as Europe/Oslo"},
    {"a server as store", HEAD "store: postgresql://db/x\n",
     P "5:8: the store is an SQLite file; write its path"},
    {"a key in the open", "innsikt: 1\ntitle: T\nframework: ehelse\nprivacy: {key: hunter2}\n",
     P "4:16: the key stands in the open; keep it in the environment or in a file of your own and "
       "write env:NAME, file:PATH or command:PROGRAM"},
    {"smallest group",
     "innsikt: 1\ntitle: T\nframework: ehelse\nprivacy: {key: env:K, smallest_group: 0, quotes: "
     "all}\n",
     P "4:39: smallest_group is \"0\"; it must be a whole number from 1 to 1000\n" P
       "4:50: quotes cannot be \"all\"; known here: redacted, none, verbatim"},
    {"targets", HEAD "analysis:\n  targets: {kommune: 0.4, naeringsliv: 0.5}\n",
     P "6:12: the targets sum to 0.9; make them sum to 1"},
    {"targets of no group",
     HEAD "analysis:\n  targets: {kommuner: 0.4, naeringsliv: -0.5, fastlege: x}\n",
     P "6:13: group \"kommuner\" is not in framework ehelse; did you mean \"kommune\"?\n" P
       "6:41: a target is \"-0.5\"; it must be a number from 0 to 1\n" P
       "6:57: a target is \"x\"; it must be a number from 0 to 1"},
    {"an earlier wave that none has",
     HEAD "analysis:\n  earlier: [vaar-2019, 2019-host]\nsources:\n"
          "  a: {kind: csv, path: a.csv, wave: 2019-hoest}\n",
     P "6:12: earlier: no source has wave \"vaar-2019\"; known here: 2019-hoest\n" P
       "6:12: earlier: no source has wave \"2019-host\"; did you mean \"2019-hoest\"?"},
    {"weight without targets", HEAD "analysis: {weight: group, bootstrap: 10, seed: -1}\n",
     P "5:20: weight: group needs targets; add `targets: {group: share, …}`\n" P
       "5:38: bootstrap is \"10\"; it must be a whole number from 100 to 1000000\n" P
       "5:48: seed is \"-1\"; it must be a whole number from 0 to 18446744073709551615"},
    {"round", HEAD "round: {stage: valid, deadline: 2021-02-29}\n",
     P "5:8: this round has no number; add `number: 1`\n" P
       "5:16: stage cannot be \"valid\"; did you mean \"validation\"?\n" P
       "5:33: deadline \"2021-02-29\" is no date; write it as 2021-09-24"},
    {"a date of another shape", HEAD "round: {number: 1, deadline: \"2021- 9-24\"}\n",
     P "5:30: deadline \"2021- 9-24\" is no date; write it as 2021-09-24"},
    {"thresholds", HEAD "thresholds: {verdict-frim: 0.9, verdict-n: 0, duplicate: 0,9}\n",
     P "5:14: unknown key \"verdict-frim\"; did you mean \"verdict-firm\"?\n" P
       "5:44: verdict-n is \"0\"; it must be a number from 1 to 1000\n" P
       "5:60: unknown key \"9\"; known here: verdict-n, verdict-organisations, verdict-n-eff, "
       "verdict-missing, verdict-firm, verdict-range, verdict-prior, verdict-words-below, "
       "rho-default, "
       "rho-prior-organisations, interval-level, agreement-strong and 29 more"},
    {"an organisation twice",
     HEAD
     "organisations:\n  Oslo kommune: {aliases: [oslo  KOMMUNE, Oslo]}\n  OSLO: {group: komune}\n",
     P "6:28: \"oslo  KOMMUNE\" already stands for Oslo kommune; let it stand for one\n" P
       "7:3: \"OSLO\" already stands for Oslo kommune; let it stand for one\n" P
       "7:17: group \"komune\" is not in framework ehelse; did you mean \"kommune\"?"},
    {"recipients", HEAD "recipients:\n  k s: {groups: [kommun]}\n",
     P "6:3: a recipient's key has letters a-z, digits, dots and hyphens; rename it\n" P
       "6:8: this recipient has no name; add `name: …`\n" P
       "6:18: group \"kommun\" is not in framework ehelse; did you mean \"kommune\"?"},
    {"scenarios", HEAD "scenarios:\n  - {id: S1}\n  - {id: S1, label: A}\n",
     P "6:5: this scenario has no label; add `label: {nb: …, nn: …, en: …}`\n" P
       "7:10: scenario \"S1\" is there already; give every scenario its own id"},
    {"env",
     HEAD "timezone: env:INNSIKT_TEST_UNSET\nstore: env:INNSIKT_TEST_EMPTY\nlanguage: "
          "env:INNSIKT_TEST_LATIN\n",
     P "5:11: the environment variable of env:INNSIKT_TEST_UNSET is not set; set it first\n" P
       "6:8: the environment variable of env:INNSIKT_TEST_EMPTY is empty; set it first\n" P
       "7:11: the environment variable of env:INNSIKT_TEST_LATIN is not UTF-8; set it first"},
};

static const Broken sources[] = {
    {"nothing said", HEAD "sources:\n  sør: {}\n",
     P
     "6:3: source \"sør\": a source's name has letters a-z, digits, dots and hyphens; rename it\n" P
     "6:3: source \"sør\" has no kind; add `kind: limesurvey`, `csv` …\n" P
     "6:3: source \"sør\" names no place; add `url:` for a form system or `path:` for files"},
    {"an address of a file",
     HEAD "sources:\n  s: {kind: csv, path: \"https://kari:hunter2@a.no/x.csv\"}\n"
          "  t: {kind: csv, path: \"ftp://a.no/x.csv\"}\n",
     P "6:24: path holds a user or password; write them under user: and password:\n" P
       "7:24: path is no web address; write it as https://…"},
    {"keys of other kinds",
     HEAD "sources:\n  s: {kind: csv, path: a.csv, sheet: Svar, header: 0}\n"
          "  t: {kind: json, path: a.json, header: 2}\n",
     P "6:38: sheet: is for kind xlsx; remove it\n" P
       "6:52: header is \"0\"; it must be a whole number from 1 to 100\n" P
       "7:41: header: is for kind csv and xlsx; remove it"},
    {"participants of what has none, and a method of theirs",
     HEAD "sources:\n  s: {kind: csv, path: a.csv, participants: true}\n"
          "  t: {kind: limesurvey, url: https://a.no/x, participants: true, method: survey}\n",
     P "6:45: participants: is for kind limesurvey; remove it\n" P
       "7:74: nobody answers in a list of participants; remove `method:` here, and collect the "
       "answers in a source of their own"},
    {"a password in the open",
     HEAD "sources:\n  s: {kind: limesurvey, url: https://a.no/x, user: kari, password: hunter2}\n",
     P "6:68: password stands in the open; keep it in the environment or in a file of your own and "
       "write env:NAME, file:PATH or command:PROGRAM"},
    {"pins that are none",
     HEAD "sources:\n  s: {kind: limesurvey, url: https://a.no/x, pin: sha256//kort}\n"
          "  t: {kind: limesurvey, url: https://a.no/x, pin: "
          "sha256//47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=;}\n",
     P
     "6:51: pin is no SHA-256 of a public key; write sha256// and its 44 signs of Base64, several "
     "with `;` between\n" P "7:51: pin is no SHA-256 of a public key; write sha256// and its 44 "
     "signs of Base64, several with `;` between"},
    {"a proxy with a password",
     HEAD "sources:\n  s: {kind: limesurvey, url: https://a.no/x, proxy: http://k:hunter2@p:1}\n",
     P "6:53: proxy holds a user or password; write them under proxy_user: and proxy_password:"},
    {"proxies that are none",
     HEAD "sources:\n  s: {kind: limesurvey, url: https://a.no/x, proxy: ftp://p:1}\n"
          "  t: {kind: limesurvey, url: https://a.no/x, proxy_password: env:P}\n",
     P
     "6:53: proxy is no address; write http://HOST:PORT (or https, socks5, socks5h), or `none` for "
     "no proxy whatever the environment says\n" P "7:62: proxy_user and proxy_password belong "
     "together; add the other, or leave both out"},
    {"a proxy's password in the open",
     HEAD "sources:\n  s: {kind: limesurvey, url: https://a.no/x, proxy_user: k, proxy_password: "
          "hunter2}\n",
     P
     "6:77: proxy_password stands in the open; keep it in the environment or in a file of your own "
     "and write env:NAME, file:PATH or command:PROGRAM"},
    {"a password in the address",
     HEAD "sources:\n  s: {kind: limesurvey, url: \"https://kari:hunter2@a.no/x\"}\n",
     P "6:30: url holds a user or password; write them under user: and password:"},
    {"no address",
     HEAD "sources:\n  s: {kind: limesurvey, url: a.no/x}\n  t: {kind: limesurvey, url: "
          "file:///etc/passwd}\n",
     P "6:30: url is no web address; write it as https://…\n" P
       "7:30: url is no web address; write it as https://…"},
    {"words",
     HEAD "sources:\n  s: {kind: csv, path: x, method: wrokshop, include: partial, evidence: said, "
          "insecure: yes}\n",
     P "6:35: method cannot be \"wrokshop\"; did you mean \"workshop\"?\n" P
       "6:54: include cannot be \"partial\"; known here: complete, all\n" P
       "6:73: evidence cannot be \"said\"; known here: documented, voiced\n" P
       "6:89: insecure cannot be \"yes\"; known here: false, true"},
    {"terms",
     HEAD
     "sources:\n  s: {kind: csv, path: x, stream: lesons, group: komune, timezone: Mars/Olympus}\n",
     P "6:35: stream \"lesons\" is not in framework ehelse; did you mean \"lessons\"?\n" P
       "6:50: group \"komune\" is not in framework ehelse; did you mean \"kommune\"?\n" P
       "6:68: timezone \"Mars/Olympus\" is not known; write it as Europe/Oslo"},
    {"same source twice", HEAD "sources:\n  s: {kind: csv, path: x}\n  s: {kind: csv, path: x}\n",
     P "7:3: key \"s\" stands twice; the first is in line 6"},
};

/* Line 12, column 7 is where the question's name begins. */
static const Broken questions[] = {
    {"no role", ASK("A: ignored"),
     P "12:10: question \"A\" has no role; write `ignore` or `{role: …}`"},
    {"no role at all", ASK("A:"),
     P "12:7: question \"A\" has no role; write `ignore` or `{role: …}`"},
    {"values alone", ASK("A: {values: {x: y}}"),
     P "12:7: question \"A\" has no role; write `ignore` or `{role: …}`"},
    {"near a role", ASK("A: {atribute: group}"),
     P "12:11: unknown key \"atribute\"; did you mean \"attribute\"?"},
    {"two roles", ASK("A: {attribute: group, rating: plan-used}"),
     P "12:7: question \"A\" has 2 roles; give it one"},
    {"not a person", ASK("A: {person: false}"),
     P "12:19: person is true, or the question has another role"},
    {"attribute's name", ASK("A: {attribute: Gruppe}"),
     P "12:22: attribute \"Gruppe\": a name has small letters a-z, digits and hyphens; rename it"},
    {"attribute from elsewhere", ASK("A: {attribute: {name_from: B}}"),
     P "12:22: this attribute has no name; add `name: …` or `name_from: …`\n" P
       "12:23: unknown key \"name_from\"; did you mean \"name\"?"},
    {"a scale for text", ASK("A: {attribute: group, scale: grad5}"),
     P "12:36: a question with role attribute has no scale; leave it out"},
    {"no such group", ASK("A: {attribute: group, values: {A1: komune, A2: Helseforetak}}"),
     P "12:42: group \"komune\" is not in framework ehelse; did you mean \"kommune\"?"},
    {"no such item", ASK("A: {rating: plan-usd}"),
     P "12:19: item \"plan-usd\" is not in framework ehelse; did you mean \"plan-used\"?"},
    {"no such area", ASK("A: {rating: {area: \"7.1\"}}"),
     P "12:26: area \"7.1\" is not in framework ehelse; did you mean \"1.1\"?"},
    {"no scenarios", ASK("A: {rating: {area: \"1.1\", scenario: S1}}"),
     P "12:43: scenario \"S1\": framework ehelse has no scenarios; declare them under `scenarios:` "
       "here or there"},
    {"nothing rated", ASK("A: {rating: {criterion: practise}}"),
     P "12:19: nothing is rated here; add item, area or activity\n" P
       "12:31: criterion cannot be \"practise\"; did you mean \"practice\"?"},
    {"no such scale", ASK("A: {rating: plan-used, scale: grad6}"),
     P "12:37: scale \"grad6\" is not in framework ehelse; did you mean \"grad5\"?"},
    {"scale twice", ASK("A: {rating: {item: plan-used, scale: grad4}, scale: grad5}"),
     P "12:44: scale is given twice; leave one of the two out"},
    {"codes of no step",
     ASK("A: {rating: plan-used, scale: enig3, values: {A1: 1, A4: 4, A9: dont_know}}"),
     P "12:64: \"4\" is no code of scale enig3; rename to one of its codes"},
    {"star without rows", ASK("A: {rating: \"plan-*\"}"),
     P "12:19: item \"plan-*\" takes its end from the row, but question \"A\" is a single one; map "
       "\"A[*]\" "
       "or write the whole item"},
    {"star without items", ASK("\"A[*]\": {rating: \"plna-*\"}"),
     P "12:24: item \"plna-*\": framework ehelse has none that begins with \"plna-\"; add them "
       "there"},
    {"no such quadrant", ASK("A: {statement: {quadrant: strenght}}"),
     P "12:33: quadrant cannot be \"strenght\"; did you mean \"strength\"?"},
    {"quadrant and origin", ASK("A: {statement: {quadrant: strength, origin_from: B}}"),
     P "12:22: a statement has a quadrant, or origin and polarity; leave one of them out"},
    {"polarity alone", ASK("A: {statement: {polarity_from: B}}"),
     P "12:22: polarity alone is no quadrant; add origin or category (or their _from)"},
    {"statement without place", ASK("A: {statement: {category: actors}}"),
     P "12:22: this statement has no place; add quadrant, polarity or item (or their _from)"},
    {"given and read", ASK("A: {statement: {quadrant: threat, quadrant_from: B}}"),
     P "12:56: quadrant is given already; leave one of the two out"},
    {"key of another role", ASK("A: {statement: {quadrant: threat, scenario: s}}"),
     P "12:41: unknown key \"scenario\"; known here: quadrant, quadrant_from, origin, origin_from, "
       "polarity, "
       "polarity_from, category, category_from, stream, stream_from, area, area_from and 9 more"},
    {"near a from", ASK("A: {statement: {quadrant_form: B}}"),
     P "12:22: this statement has no place; add quadrant, polarity or item (or their _from)\n" P
       "12:23: unknown key \"quadrant_form\"; did you mean \"quadrant_from\"?"},
    {"reads many", ASK("A: {statement: {quadrant_from: \"B[*]\"}}"),
     P "12:38: quadrant_from names one other question; write its name"},
    {"reads itself", ASK("A: {statement: {quadrant_from: A}}"),
     P "12:38: quadrant_from names one other question; write its name"},
    {"reads what is ignored", ASK("A: {statement: {quadrant_from: B}}\n      B: ignore"),
     P "12:7: quadrant_from reads \"B\", of which nothing is kept (ignore in line 13); give it "
       "another role "
       "or leave it unmapped"},
    {"reads a person",
     ASK("A: {invited: {group: kommune, number_from: B}}\n      \"B\": {person: true}"),
     P "12:7: number_from reads \"B\", of which nothing is kept (person in line 13); give it "
       "another role or "
       "leave it unmapped"},
    {"values of a read key",
     ASK("A: {statement: {quadrant_from: F}, values: {Styrke: strength, Trussel: treat}}"),
     P "12:78: quadrant cannot be \"treat\"; did you mean \"threat\"?"},
    {"values by key",
     ASK("A: {statement: {quadrant_from: F}, values: {quadrant: {S: strenght}, category: {x: y}}}"),
     P "12:65: quadrant cannot be \"strenght\"; did you mean \"strength\"?\n" P
       "12:76: unknown key \"category\"; known here: statement, quadrant"},
    {"values mixed",
     ASK("A: {statement: {quadrant_from: F}, values: {quadrant: {S: strength}, statement: x}}"),
     P "12:87: each map in values must be a map (`key: value`)"},
    {"no such need", ASK("A: {need: {group: citicens, kind: practcal}}"),
     P "12:25: group \"citicens\" is not in framework ehelse; did you mean \"citizen\"?\n" P
       "12:41: kind cannot be \"practcal\"; did you mean \"practical\"?"},
    {"a figure of nothing", ASK("A: {kpi: {area: \"3\", target: 80 %}}"),
     P "12:16: this kpi has no indicator; add `indicator: …` or `indicator_from: …`\n" P
       "12:36: target \"80 %\" is not a number; write it with a decimal point"},
    {"no short form", ASK("A: {kpi: \"3\"}"), P "12:16: kpi must be a map (`key: value`)"},
    {"no such activity", ASK("A: {activity: {id: 1.1.9, state: onging}}"),
     P "12:26: id \"1.1.9\" is not in framework ehelse; did you mean \"1.1.1\"?\n" P
       "12:40: state cannot be \"onging\"; did you mean \"ongoing\"?"},
    {"same question twice", ASK("A: ignore\n      A: ignore"),
     P "13:7: key \"A\" stands twice; the first is in line 12"},
    {"role of nothing", ASK("A: {rating: }"),
     P "12:11: item is empty; write a value or leave it out"},
};

static void complains(void **state)
{
    const Broken *c = *state;
    g_autoptr(GError) error = NULL;
    assert_null(load_text(c->text, &error));
    assert_true(g_error_matches(error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE));
    assert_null(strstr(error->message, "hunter2"));
    assert_string_equal(error->message, c->message);
}

static int run_table(const char *name, const Broken *rows, size_t n)
{
    struct CMUnitTest tests[64];
    assert_true(n <= G_N_ELEMENTS(tests));
    for (size_t i = 0; i < n; i++)
        tests[i] = (struct CMUnitTest){rows[i].name, complains, NULL, NULL, (void *)&rows[i]};
    return _cmocka_run_group_tests(name, tests, n, enter_folder, leave_folder);
}

int main(void)
{
    return run_table("project: complaints", broken, G_N_ELEMENTS(broken)) +
           run_table("project: sources", sources, G_N_ELEMENTS(sources)) +
           run_table("project: questions", questions, G_N_ELEMENTS(questions));
}
