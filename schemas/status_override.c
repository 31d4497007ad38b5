/* `status:` of a project: lights that people set over the computed ones, each with its reason. */
#include "schemas/framework_read.h"
#include "schemas/project_read.h"

static void override_clear(gpointer data)
{
    g_free(((StatusOverride *)data)->reason);
}

static void override_read(ProjectReader *reader, const YamlNode *key, const YamlNode *map)
{
    static const char *const known[] = {"light", "reason", NULL};
    static const char *const lights[] = {"red", "yellow", "green", NULL};
    static const TermKind kinds[] = {TERM_AREA, N_TERM_KINDS};
    YamlFile *file = reader->file;
    const int area =
        term_expect(file, reader->project->framework, kinds, false, key, "area", key->text);
    if (!yaml_is(file, map, YAML_MAP, "a light of one's own"))
        return;
    yaml_known(file, map, known);
    const YamlNode *light = yaml_get(map, "light");
    const int word = light ? yaml_word(file, light, "light", lights) : -1;
    StatusOverride over = {.area = area, .light = word + 1};
    over.reason = optional_text(file, map, "reason");
    if (!light)
        yaml_complain(file, map, "this area has no light; add `light: yellow`");
    if (!over.reason)
        yaml_complain(file, map, "a light of one's own needs a written reason; add `reason: …`");
    g_array_append_val(reader->project->overrides, over);
}

void overrides_read(ProjectReader *reader, const YamlNode *map)
{
    reader->project->overrides = g_array_new(FALSE, FALSE, sizeof(StatusOverride));
    g_array_set_clear_func(reader->project->overrides, override_clear);
    if (yaml_null(map) || !yaml_is(reader->file, map, YAML_MAP, "status"))
        return;
    for (size_t i = 0; i < yaml_count(map); i++)
        override_read(reader, yaml_key_node(map, i), yaml_item(map, i));
}
