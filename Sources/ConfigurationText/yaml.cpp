#include "json_text.h"

#include <yaml.h>
#include <cstring>

/* As deep as a document may go: aliases can make one endless. */
static const int deepest = 64;
/* As long as its JSON may get, in bytes: aliases can make it grow without bounds. */
static const size_t longest = 64 << 20;

/* Whether a plain scalar is a number as JSON writes it. */
static bool is_number(const char *text, size_t count) {
  size_t i = count > 0 && text[0] == '-' ? 1 : 0;
  size_t digits = i;
  while (i < count && text[i] >= '0' && text[i] <= '9')
    i++;
  if (i == digits || (text[digits] == '0' && i - digits > 1))
    return false;
  if (i < count && text[i] == '.') {
    size_t fraction = ++i;
    while (i < count && text[i] >= '0' && text[i] <= '9')
      i++;
    if (i == fraction)
      return false;
  }
  return i == count;
}

static void write_scalar(JsonText &json, const yaml_node_t *node) {
  const char *text = (const char *)node->data.scalar.value;
  size_t count = node->data.scalar.length;
  bool is_plain = node->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
  std::string word(text, count);
  if (is_plain && (word == "true" || word == "false" || word == "null")) {
    json.text += word;
  } else if (is_plain && (word.empty() || word == "~")) {
    json.text += "null";
  } else if (is_plain && is_number(text, count)) {
    json.text += word;
  } else {
    json.string(text, count);
  }
}

static bool write_node(JsonText &json, yaml_document_t *document, int id, int depth) {
  yaml_node_t *node = yaml_document_get_node(document, id);
  if (!node || depth > deepest || json.text.size() > longest)
    return false;
  bool is_first = true;
  switch (node->type) {
    case YAML_SEQUENCE_NODE:
      json.text += '[';
      for (yaml_node_item_t *item = node->data.sequence.items.start;
           item < node->data.sequence.items.top; item++) {
        json.separate(is_first);
        if (!write_node(json, document, *item, depth + 1))
          return false;
      }
      json.text += ']';
      return true;
    case YAML_MAPPING_NODE:
      json.text += '{';
      json.place(node->start_mark.line + 1, node->start_mark.column + 1, is_first);
      for (yaml_node_pair_t *pair = node->data.mapping.pairs.start;
           pair < node->data.mapping.pairs.top; pair++) {
        yaml_node_t *key = yaml_document_get_node(document, pair->key);
        if (!key || key->type != YAML_SCALAR_NODE)
          return false;
        json.separate(is_first);
        json.string((const char *)key->data.scalar.value, key->data.scalar.length);
        json.text += ':';
        if (!write_node(json, document, pair->value, depth + 1))
          return false;
      }
      json.text += '}';
      return true;
    default: write_scalar(json, node); return true;
  }
}

char *configuration_yaml(const char *text, size_t count, struct configuration_error *error) {
  yaml_parser_t parser;
  yaml_document_t document;
  if (!yaml_parser_initialize(&parser)) {
    configuration_fail(error, 1, 1, "out of memory");
    return NULL;
  }
  yaml_parser_set_input_string(&parser, (const unsigned char *)text, count);
  char *result = NULL;
  if (!yaml_parser_load(&parser, &document)) {
    configuration_fail(error, parser.problem_mark.line + 1, parser.problem_mark.column + 1,
                       parser.problem ? parser.problem : "not YAML");
  } else {
    JsonText json;
    yaml_node_t *root = yaml_document_get_root_node(&document);
    if (!root) {
      result = configuration_copy("null");
    } else if (write_node(json, &document, 1, 0)) {
      result = configuration_copy(json.text);
    } else {
      configuration_fail(error, 1, 1,
                         "a key that is no text, or more than 64 levels, or aliases without end");
    }
    yaml_document_delete(&document);
  }
  yaml_parser_delete(&parser);
  return result;
}
