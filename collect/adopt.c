#include "collect/adopt.h"

#include "collect/framework_draft.h"
#include "schemas/error.h"
#include "schemas/textfile.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define BUILT_IN "built-in:"

/* --- files ----------------------------------------------------------------------------------- */

static bool cannot(const char *path, int cause, GError **error)
{
    g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_SYSTEM,
                "%s: cannot be written: %s; nothing was changed", path, g_strerror(cause));
    return false;
}

/* Another text in the place of a file, which a link may name. */
static bool replace_file(const char *path, const char *text, GError **error)
{
    struct stat status;
    char *resolved = realpath(path, NULL);
    if (!resolved || stat(resolved, &status) != 0) {
        const int cause = errno;
        free(resolved);
        return cannot(path, cause, error);
    }
    g_autofree char *beside = g_strconcat(resolved, ".part", NULL);
    g_unlink(beside);
    int cause = textfile_new(beside, text, status.st_mode & 07777);
    if (!cause &&
        (g_chmod(beside, status.st_mode & 07777) != 0 || g_rename(beside, resolved) != 0)) {
        cause = errno;
        g_unlink(beside);
    }
    free(resolved);
    return !cause || cannot(path, cause, error);
}

/* --- adopting -------------------------------------------------------------------------------- */

typedef struct {
    const char *folder, *source;
    const Form *form;
    bool files;
    char *text; /* of project.yaml, as far as it has got */
    Project *project;
    Proposal *proposal;
    char *framework; /* the file that was written; NULL: none */
    bool other;      /* another built-in framework was put */
    char *note;
} Adoption;

static void adoption_clear(Adoption *a)
{
    g_free(a->text);
    g_clear_pointer(&a->project, project_free);
    g_clear_pointer(&a->proposal, proposal_free);
    g_free(a->framework);
    g_free(a->note);
}

static bool propose(Adoption *a, GError **error)
{
    const Source *source = project_source(a->project, a->source);
    if (!source) {
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE, "%s: there is no source \"%s\"",
                    a->project->file, a->source);
        return false;
    }
    g_autoptr(Outline) outline = outline_new(a->form, a->project->framework, a->files);
    g_clear_pointer(&a->proposal, proposal_free);
    a->proposal = proposal_new(outline, a->project, source);
    return true;
}

bool adopt_wants_framework(const Project *project, const Proposal *proposal)
{
    return g_str_has_prefix(project->framework->origin, BUILT_IN) &&
           proposal->homeless * 2 > proposal->ratings;
}

/* The project with the framework of the form, if it can be one: its other sources may need the one
 * it has. */
static void take_framework(Adoption *a)
{
    g_autoptr(GError) why = NULL;
    g_autoptr(Outline) outline = outline_new(a->form, a->project->framework, a->files);
    g_autofree char *draft = framework_draft(outline, a->project->framework, a->project->title);
    g_autofree char *path = g_build_filename(a->folder, FRAMEWORK_FILE, NULL);
    if (!draft)
        return;
    if (g_file_test(path, G_FILE_TEST_EXISTS)) {
        a->note =
            g_strdup_printf("%s stands there already; name it under `framework:` to use it", path);
        return;
    }
    g_autoptr(Framework) framework = framework_parse(FRAMEWORK_FILE, draft, strlen(draft), &why);
    g_autofree char *text =
        framework ? project_put(a->text, strlen(a->text), "framework", FRAMEWORK_FILE, &why) : NULL;
    const int cause = text ? textfile_new(path, draft, 0666) : 0;
    if (cause)
        cannot(path, cause, &why);
    Project *project = text && !cause ? project_parse(a->folder, text, strlen(text), &why) : NULL;
    if (!project) {
        a->note = g_strdup(why->message);
        if (text && !cause)
            g_unlink(path);
        return;
    }
    g_free(a->text);
    a->text = g_steal_pointer(&text);
    project_free(a->project);
    a->project = project;
    a->framework = g_steal_pointer(&path);
}

/* Another built-in framework that has a place for most of what the form rates. */
static bool take_builtin(Adoption *a)
{
    for (const char *const *name = framework_builtins(); *name; name++) {
        Adoption other = {
            .folder = a->folder, .source = a->source, .form = a->form, .files = a->files};
        other.text = project_put(a->text, strlen(a->text), "framework", *name, NULL);
        other.project =
            other.text ? project_parse(a->folder, other.text, strlen(other.text), NULL) : NULL;
        if (!other.project || !propose(&other, NULL) ||
            adopt_wants_framework(other.project, other.proposal)) {
            adoption_clear(&other);
            continue;
        }
        adoption_clear(a);
        *a = other;
        a->other = true;
        return true;
    }
    return false;
}

/* What was mapped before still is, in the same order, before what is new. */
static bool keeps(const Project *before, const Project *after, const char *name)
{
    const Source *one = project_source(before, name), *other = project_source(after, name);
    guint at = 0;
    for (guint i = 0; i < one->mappings->len; i++) {
        const Mapping *mapping = one->mappings->pdata[i];
        if (mapping->role == ROLE_SUPPORT)
            continue;
        const Mapping *same = at < other->mappings->len ? other->mappings->pdata[at] : NULL;
        if (!same || same->role != mapping->role || !g_str_equal(same->question, mapping->question))
            return false;
        at++;
    }
    return true;
}

static bool insert(Adoption *a, GError **error)
{
    g_autofree char *text =
        project_insert(a->text, strlen(a->text), a->source, a->proposal->entries, error);
    g_autoptr(Project) project = text ? project_parse(a->folder, text, strlen(text), error) : NULL;
    if (!project) {
        g_prefix_error(error, "with the proposed lines the project would not be sound, so nothing "
                              "was changed: ");
        return false;
    }
    if (!keeps(a->project, project, a->source)) {
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE,
                    "%s: the lines of source %s cannot be added to in their style; paste what "
                    "`innsikt questions %s` prints; nothing was changed",
                    a->project->file, a->source, a->source);
        return false;
    }
    return replace_file(a->project->file, text, error);
}

static bool adopt(Adoption *a, GError **error)
{
    if (!propose(a, error))
        return false;
    if (adopt_wants_framework(a->project, a->proposal) && !take_builtin(a)) {
        take_framework(a);
        if (a->framework && !propose(a, error))
            return false;
    }
    return !a->proposal->entries->len || insert(a, error);
}

static char *text_read(const char *folder, GError **error)
{
    g_autofree char *path = g_build_filename(folder, "project.yaml", NULL);
    g_autoptr(GError) why = NULL;
    char *text = NULL;
    gsize n;
    if (!g_file_get_contents(path, &text, &n, &why)) {
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE, "%s", why->message);
    } else if (strlen(text) != n) {
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE, "%s: holds a NUL; take it out",
                    path);
        g_clear_pointer(&text, g_free);
    }
    return text;
}

bool adopt_proposal(const char *folder, const char *source, const Form *form, bool files,
                    Adopted *ret, GError **error)
{
    Adoption a = {.folder = folder, .source = source, .form = form, .files = files};
    a.text = text_read(folder, error);
    a.project = a.text ? project_parse(folder, a.text, strlen(a.text), error) : NULL;
    const bool ok = a.project && adopt(&a, error);
    if (!ok && a.framework)
        g_unlink(a.framework);
    if (ok)
        *ret = (Adopted){.questions = a.proposal->questions,
                         .used = a.proposal->used,
                         .homeless = a.proposal->homeless,
                         .framework = a.framework != NULL,
                         .other = a.other,
                         .note = g_steal_pointer(&a.note)};
    adoption_clear(&a);
    return ok;
}
