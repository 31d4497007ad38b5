#include "samples/server/form.h"

/* Which cells a question of each type has, in LimeSurvey's order and with its names
 * (form-systems.md 1.7 and 1.8; types S L N D Q F M O R X T U Y are in the recorded export). */

static FormCell *cell_add(Form *form, const FormQuestion *question, const FormSubquestion *row,
                          FormPart part)
{
    FormCell *cell = g_new0(FormCell, 1);
    cell->question = question;
    cell->row = row;
    cell->part = part;
    g_ptr_array_add(form->cells, cell);
    return cell;
}

/* CODE[sub]. Takes over sub, which is also what the database column ends in. */
static void cell_name(FormCell *cell, char *sub)
{
    cell->field = sub;
    cell->heading = *sub == '\0' ? g_strdup(cell->question->code)
                                 : g_strdup_printf("%s[%s]", cell->question->code, sub);
}

static void add_plain(Form *form, const FormQuestion *question)
{
    cell_name(cell_add(form, question, NULL, FORM_VALUE), g_strdup(""));
    if (question->type == 'O') {
        cell_name(cell_add(form, question, NULL, FORM_COMMENT), g_strdup("comment"));
    }
    if (question->type == '|') {
        FormCell *count = cell_add(form, question, NULL, FORM_FILE_COUNT);
        count->field = g_strdup("_filecount");
        count->heading = g_strdup_printf("%s[filecount]", question->code);
    }
}

static void add_rows(Form *form, const FormQuestion *question)
{
    for (guint i = 0; i < question->rows->len; i++) {
        const FormSubquestion *row = question->rows->pdata[i];
        cell_name(cell_add(form, question, row, FORM_VALUE), g_strdup(row->code));
        if (question->type == 'P') {
            cell_name(cell_add(form, question, row, FORM_COMMENT),
                      g_strconcat(row->code, "comment", NULL));
        }
    }
}

static void add_dual(Form *form, const FormQuestion *question)
{
    for (guint i = 0; i < question->rows->len; i++) {
        const FormSubquestion *row = question->rows->pdata[i];
        for (int scale = 0; scale < 2; scale++) {
            FormCell *cell = cell_add(form, question, row, FORM_SCALE);
            cell->number = scale;
            cell->field = g_strdup_printf("%s#%d", row->code, scale);
            cell->heading = g_strdup_printf("%s[%s][%d]", question->code, row->code, scale + 1);
        }
    }
}

static void add_grid(Form *form, const FormQuestion *question)
{
    for (guint i = 0; i < question->rows->len; i++) {
        const FormSubquestion *row = question->rows->pdata[i];
        for (guint j = 0; row->scale == 0 && j < question->rows->len; j++) {
            const FormSubquestion *column = question->rows->pdata[j];
            if (column->scale != 1) {
                continue;
            }
            FormCell *cell = cell_add(form, question, row, FORM_VALUE);
            cell->column = column;
            cell_name(cell, g_strdup_printf("%s_%s", row->code, column->code));
        }
    }
}

static void add_ranks(Form *form, const FormQuestion *question)
{
    for (guint i = 1; i <= question->options->len; i++) {
        FormCell *cell = cell_add(form, question, NULL, FORM_RANK);
        cell->number = (int)i;
        cell_name(cell, g_strdup_printf("%u", i));
    }
}

void form_add_cells(Form *form, const FormQuestion *question)
{
    switch (question->type) {
    case 'M':
    case 'P':
    case 'A':
    case 'B':
    case 'C':
    case 'E':
    case 'F':
    case 'H':
    case 'K':
    case 'Q':
        add_rows(form, question);
        break;
    case '1':
        add_dual(form, question);
        break;
    case ':':
    case ';':
        add_grid(form, question);
        break;
    case 'R':
        add_ranks(form, question);
        break;
    default:
        add_plain(form, question);
    }
    if (question->other) {
        cell_name(cell_add(form, question, NULL, FORM_OTHER), g_strdup("other"));
        if (question->type == 'P') {
            cell_name(cell_add(form, question, NULL, FORM_COMMENT), g_strdup("othercomment"));
        }
    }
}
