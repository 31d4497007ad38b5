#include "collect/odk_form.h"

#include <string.h>

typedef struct {
    const char *control; /* NULL: any */
    const char *type;    /* NULL: any */
    FormKind kind;
} Rule;

/* The first that fits. select_one is a plain string among the fields; only the form knows better.
 */
static const Rule rules[] = {
    {"select1", NULL, FORM_SINGLE}, {"select", NULL, FORM_MULTI},   {"rank", NULL, FORM_RANKING},
    {"range", NULL, FORM_RATING},   {"upload", NULL, FORM_FILE},    {NULL, "binary", FORM_FILE},
    {NULL, "int", FORM_NUMBER},     {NULL, "decimal", FORM_NUMBER}, {NULL, "date", FORM_DATE},
    {NULL, "dateTime", FORM_DATE},  {NULL, "time", FORM_DATE},
};

static FormKind kind_of(const OdkNode *node, const OdkControl *control, const OdkBind *bind)
{
    const char *name = control ? control->control : "";
    if (!control && (!bind || bind->computed || g_str_has_prefix(node->name, "meta/")))
        return FORM_COMPUTED;
    for (size_t i = 0; i < G_N_ELEMENTS(rules); i++)
        if ((!rules[i].control || g_str_equal(rules[i].control, name)) &&
            (!rules[i].type || g_str_equal(rules[i].type, node->type)))
            return rules[i].kind;
    return node->multi ? FORM_MULTI : FORM_TEXT;
}

static void add_question(Form *form, const OdkNode *node, const OdkXForm *xform)
{
    const OdkControl *control = g_hash_table_lookup(xform->controls, node->name);
    const OdkBind *bind = g_hash_table_lookup(xform->binds, node->name);
    const char *label = control ? control->label : "";
    g_autofree char *text = control && control->above ? g_strdup_printf("%s – %s", control->above,
                                                                        *label ? label : node->name)
                                                      : g_strdup(*label ? label : node->name);
    FormQuestion *added =
        form_add(form, node->name, kind_of(node, control, bind), node->type, text);
    for (guint i = 0; control && i < control->choices->len; i++) {
        const FormChoice *choice = &g_array_index(control->choices, FormChoice, i);
        form_choice(added, choice->code, choice->text);
    }
}

Form *odk_form_build(const char *id, const OdkFields *fields, const OdkXForm *xform)
{
    Form *form = form_new(id);
    form->title = g_strdup(xform->title);
    form->version = g_strdup(xform->version);
    form->language = g_strdup(xform->language);
    for (guint i = 0; i < fields->leaves->len; i++)
        add_question(form, fields->leaves->pdata[i], xform);
    return form;
}

static bool conditional(const OdkNode *node, const OdkXForm *xform)
{
    for (; node->parent; node = node->parent) {
        const OdkBind *bind = g_hash_table_lookup(xform->binds, node->name);
        if (bind && bind->relevant)
            return true;
    }
    return false;
}

void odk_form_blanks(OdkFields *fields, const OdkXForm *xform)
{
    for (guint i = 0; i < fields->leaves->len; i++) {
        OdkNode *node = fields->leaves->pdata[i];
        const OdkBind *bind = g_hash_table_lookup(xform->binds, node->name);
        if (!conditional(node, xform))
            node->blank = MISSING_NOT_ANSWERED;
        else
            node->blank = bind && bind->required ? MISSING_NOT_SHOWN : MISSING_UNKNOWN;
    }
}
