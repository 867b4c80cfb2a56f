// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/yaml.h"

#include <yaml.h>

#include <string>

#include "base/text.h"
#include "json/writer.h"

namespace socbridge::kubernetes {
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

// Aliases lead to the same node again, which is how a small file can mean a huge one.
bool write(json::Writer& w, yaml_document_t& document, int index, int depth) {
  const yaml_node_t* node = yaml_document_get_node(&document, index);
  if (node == nullptr || depth > kDeepest || w.text().size() > kMaxBytes) return false;
  if (node->type == YAML_SCALAR_NODE) {
    w.value(repair_utf8(text_of(*node)));
    return true;
  }
  if (node->type == YAML_SEQUENCE_NODE) {
    w.begin_array();
    for (const auto* item = node->data.sequence.items.start; item < node->data.sequence.items.top;
         ++item) {
      if (!write(w, document, *item, depth + 1)) return false;
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
    if (!write(w, document, pair->value, depth + 1)) return false;
  }
  w.end_object();
  return true;
}

Status wrong(const std::string& why) { return Status::error(ExitCode::bad_input, why); }

}  // namespace

Result<json::Document> read_yaml(std::string_view text) {
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
  if (!write(w, tree.document, 1, 0)) return wrong("nested too deep, too large, or odd keys");
  return json::Document::parse(w.text());
}

}  // namespace socbridge::kubernetes
