#include "schemas/xlsx_private.h"

#include <stdlib.h>

/* More styles than Excel itself allows (64,000), and a ceiling for other lists. */
enum { STYLES_LIMIT = 65536, RELATIONS_LIMIT = 4096 };

/* --- relationships --------------------------------------------------------------------------- */

typedef struct {
    char *id, *kind, *part; /* kind: what follows the last slash of its type */
} Relation;

static void relation_clear(gpointer data)
{
    Relation *relation = data;
    g_free(relation->id);
    g_free(relation->kind);
    g_free(relation->part);
}

typedef struct {
    const char *from; /* the part whose relationships they are; "" for the package */
    GArray *relations;
} Relations;

/* A target as a name in the zip: relative to the part's folder, or absolute. */
static char *target_part(const char *from, const char *target)
{
    g_autoptr(GPtrArray) steps = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *folder = g_path_get_dirname(from);
    g_autofree char *whole =
        *target == '/' ? g_strdup(target) : g_strjoin("/", folder, target, NULL);
    g_auto(GStrv) split = g_strsplit(whole, "/", -1);
    for (char **step = split; *step; step++) {
        if (g_str_equal(*step, "..")) {
            if (steps->len)
                g_ptr_array_set_size(steps, (gint)steps->len - 1);
        } else if (**step && !g_str_equal(*step, "."))
            g_ptr_array_add(steps, g_strdup(*step));
    }
    g_ptr_array_add(steps, NULL);
    return g_strjoinv("/", (char **)steps->pdata);
}

static void relation_start(XlsxPart *part, int depth, const char *name, const char **attributes)
{
    Relations *relations = xlsx_part_data(part);
    const char *id = xlsx_attribute(attributes, "Id");
    const char *type = xlsx_attribute(attributes, "Type");
    const char *target = xlsx_attribute(attributes, "Target");
    if (depth != 2 || strcmp(name, "Relationship") || !id || !type || !target ||
        !g_strcmp0(xlsx_attribute(attributes, "TargetMode"), "External") ||
        relations->relations->len == RELATIONS_LIMIT)
        return;
    const char *slash = strrchr(type, '/');
    const Relation relation = {.id = g_strdup(id),
                               .kind = g_strdup(slash ? slash + 1 : type),
                               .part = target_part(relations->from, target)};
    g_array_append_val(relations->relations, relation);
}

static void ignore_end(XlsxPart *part, int depth, const char *name)
{
    (void)part, (void)depth, (void)name;
}

/* The relationships of a part, by their file beside it; none when there is no such file. */
static GArray *relations_read(XlsxPackage *package, const char *from, GError **error)
{
    static const XlsxHandler handler = {relation_start, ignore_end, NULL};
    g_autofree char *folder = g_path_get_dirname(from);
    g_autofree char *base = *from ? g_path_get_basename(from) : g_strdup("");
    g_autofree char *beside = g_strdup_printf("%s/_rels/%s.rels", folder, base);
    g_autofree char *file = target_part("", beside);
    Relations relations = {.from = from, .relations = g_array_new(FALSE, FALSE, sizeof(Relation))};
    g_array_set_clear_func(relations.relations, relation_clear);
    if (!xlsx_package_has(package, file) ||
        xlsx_part_read(package, file, &handler, &relations, error))
        return relations.relations;
    g_array_unref(relations.relations);
    return NULL;
}

static const Relation *relation_find(const GArray *relations, const char *id, const char *kind)
{
    for (guint i = 0; i < relations->len; i++) {
        const Relation *relation = &g_array_index(relations, Relation, i);
        if ((!id || !strcmp(relation->id, id)) && (!kind || !strcmp(relation->kind, kind)))
            return relation;
    }
    return NULL;
}

/* --- styles ---------------------------------------------------------------------------------- */

typedef struct {
    Xlsx *xlsx;
    GHashTable *codes; /* of a format's id to its XlsxFormat */
    bool in_styles;
} Styles;

static XlsxFormat style_format(const Styles *styles, unsigned id)
{
    gpointer own;
    if (g_hash_table_lookup_extended(styles->codes, GUINT_TO_POINTER(id), NULL, &own))
        return (XlsxFormat)GPOINTER_TO_UINT(own);
    return xlsx_format_builtin(id);
}

static void style_start(XlsxPart *part, int depth, const char *name, const char **attributes)
{
    Styles *styles = xlsx_part_data(part);
    if (depth == 2)
        styles->in_styles = !strcmp(name, "cellXfs");
    const char *id = depth == 3 ? xlsx_attribute(attributes, "numFmtId") : NULL;
    unsigned number = id ? (unsigned)strtoul(id, NULL, 10) : 0;
    const char *code = xlsx_attribute(attributes, "formatCode");
    if (id && code && !strcmp(name, "numFmt") && g_hash_table_size(styles->codes) < STYLES_LIMIT)
        g_hash_table_insert(styles->codes, GUINT_TO_POINTER(number),
                            GUINT_TO_POINTER(xlsx_format_code(code)));
    if (depth != 3 || !styles->in_styles || strcmp(name, "xf"))
        return;
    const guint8 format = (guint8)style_format(styles, number);
    g_byte_array_append(styles->xlsx->formats, &format, 1);
    if (styles->xlsx->formats->len > STYLES_LIMIT)
        xlsx_part_fail(part, INNSIKT_ERROR_LIMIT,
                       "the workbook has more than %d cell styles; "
                       "copy its values to a new one",
                       STYLES_LIMIT);
}

static bool styles_read(Xlsx *xlsx, const char *part, GError **error)
{
    static const XlsxHandler handler = {style_start, ignore_end, NULL};
    g_autoptr(GHashTable) codes = g_hash_table_new(NULL, NULL);
    Styles styles = {.xlsx = xlsx, .codes = codes};
    return xlsx_part_read(&xlsx->package, part, &handler, &styles, error);
}

/* --- the workbook ---------------------------------------------------------------------------- */

typedef struct {
    Xlsx *xlsx;
    const GArray *relations;
    bool in_sheets, is_workbook;
} Workbook;

/* The sheet's relationship: its only attribute of that name with a prefix. */
static const char *sheet_relation(const char **attributes)
{
    for (; *attributes; attributes += 2)
        if (g_str_has_suffix(*attributes, ":id"))
            return attributes[1];
    return NULL;
}

static void sheet_add(XlsxPart *part, Workbook *book, const char **attributes)
{
    const char *name = xlsx_attribute(attributes, "name"), *id = sheet_relation(attributes);
    const char *state = xlsx_attribute(attributes, "state");
    const Relation *relation = id ? relation_find(book->relations, id, NULL) : NULL;
    GArray *places = book->xlsx->places;
    if (!name || !relation) {
        xlsx_part_fail(part, INNSIKT_ERROR_DATA,
                       "the workbook is damaged: a sheet in its list has no name or no part; open "
                       "it in Excel and save it anew");
        return;
    }
    if (strcmp(relation->kind, "worksheet"))
        return;
    if (places->len == XLSX_SHEETS_LIMIT) {
        xlsx_part_fail(part, INNSIKT_ERROR_LIMIT, "the workbook has more than %d sheets; split it",
                       XLSX_SHEETS_LIMIT);
        return;
    }
    const XlsxPlace place = {.name = g_strdup(name),
                             .part = g_strdup(relation->part),
                             .hidden = state && strcmp(state, "visible")};
    g_array_append_val(places, place);
}

static void book_start(XlsxPart *part, int depth, const char *name, const char **attributes)
{
    Workbook *book = xlsx_part_data(part);
    if (depth == 1)
        book->is_workbook = !strcmp(name, "workbook");
    if (depth == 2)
        book->in_sheets = !strcmp(name, "sheets");
    if (depth == 2 && !strcmp(name, "workbookPr"))
        book->xlsx->from_1904 = xlsx_true(xlsx_attribute(attributes, "date1904"));
    if (depth == 3 && book->in_sheets && !strcmp(name, "sheet"))
        sheet_add(part, book, attributes);
}

/* Signs of what is never read, in the names of parts. */
static unsigned extras_find(const XlsxPackage *package)
{
    static const struct {
        const char *sign;
        XlsxExtras extra;
    } signs[] = {{"vbaproject.bin", XLSX_MACROS},
                 {"xl/externallinks/", XLSX_LINKS},
                 {"xl/embeddings/", XLSX_EMBEDDED}};
    unsigned extras = 0;
    zip_int64_t n = zip_get_num_entries(package->zip, 0);
    for (zip_int64_t i = 0; i < n; i++) {
        g_autofree char *name = g_ascii_strdown(zip_get_name(package->zip, (zip_uint64_t)i, 0), -1);
        for (size_t s = 0; s < G_N_ELEMENTS(signs); s++)
            if (strstr(name, signs[s].sign))
                extras |= signs[s].extra;
    }
    return extras;
}

static bool refuse_other_zip(const XlsxPackage *package, GError **error)
{
    bool opendocument = xlsx_package_has(package, "mimetype");
    return xlsx_refuse(package, error, INNSIKT_ERROR_DATA,
                       opendocument ? "the file is in the OpenDocument format (.ods); save it as "
                                      "Excel Workbook (.xlsx)"
                                    : "the file is a zip, but no Excel workbook; save it as Excel "
                                      "Workbook (.xlsx)");
}

static bool workbook_read(Xlsx *xlsx, const char *part, const GArray *relations, GError **error)
{
    static const XlsxHandler handler = {book_start, ignore_end, NULL};
    Workbook book = {.xlsx = xlsx, .relations = relations};
    if (!xlsx_part_read(&xlsx->package, part, &handler, &book, error))
        return false;
    if (!book.is_workbook)
        return refuse_other_zip(&xlsx->package, error);
    return xlsx->places->len || xlsx_refuse(&xlsx->package, error, INNSIKT_ERROR_DATA,
                                            "the workbook has no sheet with cells");
}

static bool book_parts_read(Xlsx *xlsx, const char *part, GError **error)
{
    g_autoptr(GArray) relations = relations_read(&xlsx->package, part, error);
    if (!relations || !workbook_read(xlsx, part, relations, error))
        return false;
    const Relation *strings = relation_find(relations, NULL, "sharedStrings");
    const Relation *styles = relation_find(relations, NULL, "styles");
    xlsx->strings_part = strings ? g_strdup(strings->part) : NULL;
    xlsx->extras = extras_find(&xlsx->package);
    return !styles || styles_read(xlsx, styles->part, error);
}

bool xlsx_book_read(Xlsx *xlsx, GError **error)
{
    g_autoptr(GArray) relations = relations_read(&xlsx->package, "", error);
    if (!relations)
        return false;
    const Relation *main = relation_find(relations, NULL, "officeDocument");
    if (!main || !xlsx_package_has(&xlsx->package, "[Content_Types].xml"))
        return refuse_other_zip(&xlsx->package, error);
    if (g_str_has_suffix(main->part, ".bin"))
        return xlsx_refuse(&xlsx->package, error, INNSIKT_ERROR_DATA,
                           "the file is a binary workbook (.xlsb); save it as Excel Workbook "
                           "(.xlsx)");
    return book_parts_read(xlsx, main->part, error);
}
