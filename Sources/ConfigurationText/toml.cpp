#include "json_text.h"

#include <cmath>
#include <cstdlib>
#include <cstring>
#include <sstream>
#include <stdexcept>

/* What toml++ takes for granted is not so in some malformed texts, `[` and a control character for
 * one: that is a text's fault, and no reason for the whole program to end. Without NDEBUG it would
 * not even be looked at. */
#undef NDEBUG
#define TOML_ASSERT(expression) \
  ((expression) ? void() : throw std::logic_error("a character where there can be none"))
#include <toml++/toml.h>

void configuration_fail(struct configuration_error *error, size_t line, size_t column,
                        const char *message) {
  error->line = line;
  error->column = column;
  snprintf(error->message, sizeof error->message, "%s", message);
}

char *configuration_copy(const std::string &text) {
  char *copy = (char *)malloc(text.size() + 1);
  if (copy)
    memcpy(copy, text.c_str(), text.size() + 1);
  return copy;
}

static void write_node(JsonText &json, const toml::node &node);

static void write_table(JsonText &json, const toml::table &table) {
  bool is_first = true;
  json.text += '{';
  json.place(table.source().begin.line, table.source().begin.column, is_first);
  for (auto &&[key, value] : table) {
    json.separate(is_first);
    json.string(key.str().data(), key.str().size());
    json.text += ':';
    write_node(json, value);
  }
  json.text += '}';
}

static void write_array(JsonText &json, const toml::array &array) {
  bool is_first = true;
  json.text += '[';
  for (auto &&value : array) {
    json.separate(is_first);
    write_node(json, value);
  }
  json.text += ']';
}

static void write_number(JsonText &json, double value) {
  char digits[40];
  snprintf(digits, sizeof digits, "%.17g", value);
  json.text += std::isfinite(value) ? digits : "null";
}

static void write_node(JsonText &json, const toml::node &node) {
  if (auto table = node.as_table()) {
    write_table(json, *table);
  } else if (auto array = node.as_array()) {
    write_array(json, *array);
  } else if (auto text = node.as_string()) {
    json.string(text->get().data(), text->get().size());
  } else if (auto integer = node.as_integer()) {
    json.text += std::to_string(integer->get());
  } else if (auto number = node.as_floating_point()) {
    write_number(json, number->get());
  } else if (auto boolean = node.as_boolean()) {
    json.text += boolean->get() ? "true" : "false";
  } else {
    std::ostringstream other;
    other << toml::node_view<const toml::node>(node);
    json.string(other.str().data(), other.str().size());
  }
}

char *configuration_toml(const char *text, size_t count, struct configuration_error *error) {
  try {
    toml::table table = toml::parse(std::string_view(text, count));
    JsonText json;
    write_table(json, table);
    return configuration_copy(json.text);
  } catch (const toml::parse_error &failure) {
    configuration_fail(error, failure.source().begin.line, failure.source().begin.column,
                       failure.what());
  } catch (const std::exception &failure) {
    configuration_fail(error, 0, 0, failure.what());
  }
  return NULL;
}
