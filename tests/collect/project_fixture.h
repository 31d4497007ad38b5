/* A project of one source in a folder of its own, for tests of the collectors' floor. */
#ifndef INNSIKT_TESTS_COLLECT_PROJECT_FIXTURE_H
#define INNSIKT_TESTS_COLLECT_PROJECT_FIXTURE_H

#include "schemas/project.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
/* cmocka.h needs the four above first. */
#include <cmocka.h>

#include <glib/gstdio.h>

static const char fixture_framework[] =
    "innsikt: 1\n"
    "id: prove\n"
    "title: {nb: Prøve, nn: Prøve, en: Trial}\n"
    "verdict_scale: tre\n"
    "default_scale: tre\n"
    "missing: {98: not_applicable, 99: dont_know}\n"
    "scales:\n"
    "  - id: tre\n"
    "    steps:\n"
    "      - {id: lav, label: {nb: Lav, nn: Låg, en: Low}}\n"
    "      - {id: midt, label: {nb: Midt, nn: Midt, en: Middle}}\n"
    "      - {id: hoy, label: {nb: Høy, nn: Høg, en: High}, codes: [3, A3]}\n"
    "questions:\n"
    "  - {id: holdbar, label: {nb: Holder det?, nn: Held det?, en: Does it hold?}}\n"
    "items:\n"
    "  - {id: ledd-SQ1, question: holdbar, label: {nb: Én, nn: Ein, en: One}}\n"
    "  - {id: ledd-SQ2, question: holdbar, label: {nb: To, nn: To, en: Two}}\n"
    "groups:\n"
    "  - {id: kommune, label: {nb: Kommuner, nn: Kommunar, en: Municipalities}}\n"
    "  - {id: sykehus, label: {nb: Sykehus, nn: Sjukehus, en: Hospitals}}\n"
    "areas:\n"
    "  - {id: omraade, label: {nb: Område, nn: Område, en: Area}}\n";

static inline void fixture_write(const char *folder, const char *name, const char *bytes,
                                 gssize length)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_autofree char *parent = g_path_get_dirname(path);
    assert_int_equal(g_mkdir_with_parents(parent, 0700), 0);
    assert_true(g_file_set_contents(path, bytes, length, NULL));
}

static inline char *fixture_folder(void)
{
    g_autoptr(GError) error = NULL;
    char *folder = g_dir_make_tmp("innsikt-collect-XXXXXX", &error);
    assert_null(error);
    return folder;
}

static inline void fixture_remove(const char *path)
{
    GDir *dir = g_dir_open(path, 0, NULL);
    for (const char *name; dir && (name = g_dir_read_name(dir));) {
        g_autofree char *inside = g_build_filename(path, name, NULL);
        fixture_remove(inside);
    }
    if (dir)
        g_dir_close(dir);
    g_remove(path);
}

/* `source`: the lines under `sources:`, indented by two. */
static inline Project *fixture_project(const char *folder, const char *source)
{
    g_autofree char *yaml = g_strconcat("innsikt: 1\n"
                                        "title: Prøve\n"
                                        "language: nb\n"
                                        "framework: ./prove.yaml\n"
                                        "timezone: Europe/Oslo\n"
                                        "privacy: {key: env:INNSIKT_TEST_KEY}\n"
                                        "sources:\n",
                                        source, NULL);
    fixture_write(folder, "prove.yaml", fixture_framework, -1);
    fixture_write(folder, "project.yaml", yaml, -1);
    g_autoptr(GError) error = NULL;
    Project *project = project_load(folder, &error);
    assert_string_equal(error ? error->message : "", "");
    return project;
}

#endif
