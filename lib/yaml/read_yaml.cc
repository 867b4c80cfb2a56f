// SPDX-License-Identifier: Apache-2.0
#include "yaml/read_yaml.h"

#include <yaml.h>

#include <string>

#include "base/text.h"
#include "json/writer.h"

namespace socbridge::yaml {
namespace {

constexpr int kDeepest = 64;
constexpr std::size_t kMaxBytes = std::size_t{16} << 20;

struct Parser {
  Parser() { good = yaml_parser_initialize(&parser) == 1; }
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;
  ~Parser() {
    if (good) yaml_parser_delete(&parser);
  }
  yaml_parser_t parser{};
  bool good = false;
};

struct Tree {
  Tree() = default;
  Tree(const Tree&) = delete;
  Tree& operator=(const Tree&) = delete;
  ~Tree() {
    if (loaded) yaml_document_delete(&document);
  }
  yaml_document_t document{};
  bool loaded = false;
};

std::string_view text_of(const yaml_node_t& node) {
  return {reinterpret_cast<const char*>(node.data.scalar.value), node.data.scalar.length};
}

// Whether the text is a JSON number. Other numbers of YAML (0x1F, 1_000, .5) stay texts.
bool is_number(std::string_view text) {
  if (text.empty() || (text.front() != '-' && (text.front() < '0' || text.front() > '9'))) {
    return false;
  }
  const auto document = json::Document::parse(text);
  return document.ok() && document->root().is_number();
}

void write_scalar(json::Writer& w, const yaml_node_t& node, Scalars scalars) {
  const std::string text = repair_utf8(text_of(node));
  const bool plain = node.data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
  if (scalars == Scalars::texts || !plain) return w.value(text);
  if (text.empty() || text == "~" || text == "null") return w.null();
  if (text == "true" || text == "false") return w.value(text == "true");
  is_number(text) ? w.raw(text) : w.value(text);
}

// Aliases repeat a node, so a small file can expand to a huge document.
bool write(json::Writer& w, yaml_document_t& document, int index, Scalars scalars, int depth) {
  const yaml_node_t* node = yaml_document_get_node(&document, index);
  if (node == nullptr || depth > kDeepest || w.text().size() > kMaxBytes) return false;
  if (node->type == YAML_SCALAR_NODE) {
    write_scalar(w, *node, scalars);
    return true;
  }
  if (node->type == YAML_SEQUENCE_NODE) {
    w.begin_array();
    for (const auto* item = node->data.sequence.items.start; item < node->data.sequence.items.top;
         ++item) {
      if (!write(w, document, *item, scalars, depth + 1)) return false;
    }
    w.end_array();
    return true;
  }
  if (node->type != YAML_MAPPING_NODE) return false;
  w.begin_object();
  for (const auto* pair = node->data.mapping.pairs.start; pair < node->data.mapping.pairs.top;
       ++pair) {
    const yaml_node_t* key = yaml_document_get_node(&document, pair->key);
    if (key == nullptr || key->type != YAML_SCALAR_NODE) return false;
    w.key(repair_utf8(text_of(*key)));
    if (!write(w, document, pair->value, scalars, depth + 1)) return false;
  }
  w.end_object();
  return true;
}

Status wrong(const std::string& why) { return Status::error(ExitCode::bad_input, why); }

}  // namespace

Result<json::Document> read(std::string_view text, Scalars scalars) {
  Parser parser;
  if (!parser.good) return Status::error(ExitCode::failure, "out of memory");
  yaml_parser_set_input_string(&parser.parser, reinterpret_cast<const unsigned char*>(text.data()),
                               text.size());
  Tree tree;
  if (yaml_parser_load(&parser.parser, &tree.document) != 1) {
    const char* problem = parser.parser.problem == nullptr ? "not YAML" : parser.parser.problem;
    return wrong("line " + std::to_string(parser.parser.problem_mark.line + 1) + ", column " +
                 std::to_string(parser.parser.problem_mark.column + 1) + ": " + problem);
  }
  tree.loaded = true;
  if (yaml_document_get_root_node(&tree.document) == nullptr) return wrong("the file is empty");
  json::Writer w;
  if (!write(w, tree.document, 1, scalars, 0)) {
    return wrong("nested too deep, too large, or keys that are not texts");
  }
  return json::Document::parse(w.text());
}

}  // namespace socbridge::yaml
