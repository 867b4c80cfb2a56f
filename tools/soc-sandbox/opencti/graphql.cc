// SPDX-License-Identifier: Apache-2.0
#include "soc-sandbox/opencti/graphql.h"

#include <algorithm>

#include "base/text.h"
#include "json/writer.h"

namespace socbridge::sandbox::graphql {
namespace {

constexpr int kDeepest = 60;

struct Token {
  enum class Kind { end, name, number, string, mark };
  Kind kind = Kind::end;
  std::string text;    // of a string: its JSON form
  std::size_t at = 0;  // offset of its first byte
};

bool name_start(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool digit(char c) { return c >= '0' && c <= '9'; }

class Lexer {
 public:
  explicit Lexer(std::string_view text) : whole_(text), text_(text) { advance(); }
  const Token& now() const { return token_; }
  // Position of the beginning of the token; to be called for tokens in order.
  void place(std::size_t& line, std::size_t& column) {
    for (; counted_ < token_.at; ++counted_) {
      if (whole_[counted_] != '\n') continue;
      ++line_;
      line_begin_ = counted_ + 1;
    }
    line = line_;
    column = token_.at - line_begin_ + 1;
  }
  bool bad() const { return bad_; }

  void advance() {
    skip_ignored();
    token_ = {};
    token_.at = whole_.size() - text_.size();
    if (text_.empty()) return;
    const char c = text_.front();
    if (name_start(c)) {
      token_.kind = Token::Kind::name;
      take_while([](char x) { return name_start(x) || digit(x); });
    } else if (digit(c) || c == '-') {
      token_.kind = Token::Kind::number;
      take_while([](char x) {
        return digit(x) || std::string_view("+-.eE").find(x) != std::string_view::npos;
      });
    } else if (c == '"') {
      token_.kind = Token::Kind::string;
      read_string();
    } else if (text_.starts_with("...")) {
      token_.kind = Token::Kind::mark;
      token_.text = "...";
      text_.remove_prefix(3);
    } else {
      token_.kind = Token::Kind::mark;
      token_.text = std::string(1, c);
      text_.remove_prefix(1);
    }
  }

 private:
  template <typename F>
  void take_while(F wanted) {
    while (!text_.empty() && wanted(text_.front())) {
      token_.text += text_.front();
      text_.remove_prefix(1);
    }
  }

  void skip_ignored() {
    while (!text_.empty()) {
      if (text_.front() == '#') {
        text_.remove_prefix(std::min(text_.size(), text_.find('\n')));
      } else if (std::string_view(" \t\r\n,").find(text_.front()) != std::string_view::npos) {
        text_.remove_prefix(1);
      } else if (text_.starts_with("\xEF\xBB\xBF")) {
        text_.remove_prefix(3);
      } else {
        return;
      }
    }
  }

  void read_string() {
    if (text_.starts_with("\"\"\"")) {
      const std::size_t end = text_.find("\"\"\"", 3);
      if (end == std::string_view::npos) return fail();
      token_.text = json::quote(text_.substr(3, end - 3));
      text_.remove_prefix(end + 3);
      return;
    }
    std::size_t at = 1;
    while (at < text_.size() && text_[at] != '"')
      at += text_[at] == '\\' ? std::size_t{2} : std::size_t{1};
    if (at >= text_.size()) return fail();
    token_.text = text_.substr(0, at + 1);  // GraphQL's escapes are those of JSON
    text_.remove_prefix(at + 1);
  }

  void fail() {
    bad_ = true;
    text_ = {};
  }

  std::string_view whole_, text_;
  std::size_t counted_ = 0, line_ = 1, line_begin_ = 0;
  Token token_;
  bool bad_ = false;
};

class Parser {
 public:
  explicit Parser(std::string_view text) : lexer_(text) {}

  Result<Document> document() {
    Document out;
    while (ok() && lexer_.now().kind != Token::Kind::end) {
      if (lexer_.now().text == "fragment") {
        out.fragments.push_back(fragment());
      } else {
        out.operations.push_back(operation());
      }
    }
    if (lexer_.bad()) wrong("a string that ends");
    if (ok() && out.operations.empty()) wrong("an operation");
    if (!ok()) return Status::error(ExitCode::bad_input, error_);
    return out;
  }

 private:
  bool ok() const { return error_.empty(); }
  void wrong(std::string_view expected) {
    if (!ok()) return;
    const std::string found = lexer_.now().text.empty() ? "<EOF>" : lexer_.now().text;
    error_ = "Syntax Error: Expected " + std::string(expected) + ", found \"" +
             printable(found, 40) + "\".";
  }
  bool is_mark(std::string_view text) const {
    return lexer_.now().kind == Token::Kind::mark && lexer_.now().text == text;
  }
  bool take_mark(std::string_view text) {
    if (!ok() || !is_mark(text)) return false;
    lexer_.advance();
    return true;
  }
  void want_mark(std::string_view text) {
    if (!take_mark(text)) wrong(text);
  }
  std::string want_name() {
    if (!ok() || lexer_.now().kind != Token::Kind::name) {
      wrong("Name");
      return {};
    }
    std::string out = lexer_.now().text;
    lexer_.advance();
    return out;
  }

  Operation operation() {
    Operation out;
    if (is_mark("{")) {
      out.selections = selections(0);
      return out;
    }
    const std::string kind = want_name();
    out.mutation = kind == "mutation";
    if (kind != "query" && kind != "mutation") {
      wrong("query or mutation");
      return out;
    }
    if (lexer_.now().kind == Token::Kind::name) out.name = want_name();
    if (take_mark("(")) {
      while (ok() && !take_mark(")")) out.variables.push_back(variable());
    }
    directives(0);
    out.selections = selections(0);
    return out;
  }

  VariableDefinition variable() {
    VariableDefinition out;
    want_mark("$");
    out.name = want_name();
    want_mark(":");
    out.type = type(0);
    if (take_mark("=")) {
      const Value preset = value(0);
      const json::Document document = evaluate({{"v", preset}}, {});
      out.preset = document.root()["v"].dump();
    }
    return out;
  }

  std::string type(int depth) {
    std::string out;
    if (depth > kDeepest) {
      wrong("fewer brackets");
    } else if (take_mark("[")) {
      out = "[" + type(depth + 1) + "]";
      want_mark("]");
    } else {
      out = want_name();
    }
    if (take_mark("!")) out += '!';
    return out;
  }

  Fragment fragment() {
    Fragment out;
    lexer_.advance();
    out.name = want_name();
    if (want_name() != "on") wrong("on");
    out.on = want_name();
    directives(0);
    out.selections = selections(0);
    return out;
  }

  std::vector<Selection> selections(int depth) {
    std::vector<Selection> out;
    if (depth > kDeepest) wrong("less nesting");
    want_mark("{");
    if (ok() && is_mark("}")) wrong("Name");
    while (ok() && !take_mark("}")) out.push_back(selection(depth + 1));
    return out;
  }

  Selection selection(int depth) {
    Selection out;
    lexer_.place(out.line, out.column);
    if (take_mark("...")) {
      const bool named = lexer_.now().kind == Token::Kind::name && lexer_.now().text != "on";
      out.kind = named ? Selection::Kind::spread : Selection::Kind::inline_fragment;
      if (named) {
        out.name = want_name();
      } else if (lexer_.now().text == "on") {
        lexer_.advance();
        out.on = want_name();
      }
      out.directives = directives(depth);
      if (!named) out.selections = selections(depth);
      return out;
    }
    out.alias = out.name = want_name();
    if (take_mark(":")) out.name = want_name();
    if (is_mark("(")) out.arguments = arguments(depth);
    out.directives = directives(depth);
    if (is_mark("{")) out.selections = selections(depth);
    return out;
  }

  std::vector<std::pair<std::string, Arguments>> directives(int depth) {
    std::vector<std::pair<std::string, Arguments>> out;
    while (take_mark("@")) {
      out.emplace_back(want_name(), Arguments{});
      if (is_mark("(")) out.back().second = arguments(depth);
    }
    return out;
  }

  Arguments arguments(int depth) {
    Arguments out;
    want_mark("(");
    while (ok() && !take_mark(")")) {
      std::string name = want_name();
      want_mark(":");
      out.emplace_back(std::move(name), value(depth + 1));
    }
    return out;
  }

  Value value(int depth) {
    Value out;
    if (depth > kDeepest) wrong("less nesting");
    if (!ok()) return out;
    if (take_mark("$")) {
      out.kind = Value::Kind::variable;
      out.text = want_name();
    } else if (take_mark("[")) {
      out.kind = Value::Kind::list;
      while (ok() && !take_mark("]")) out.items.push_back(value(depth + 1));
    } else if (take_mark("{")) {
      out.kind = Value::Kind::object;
      while (ok() && !take_mark("}")) {
        out.names.push_back(want_name());
        want_mark(":");
        out.items.push_back(value(depth + 1));
      }
    } else {
      scalar(out);
    }
    return out;
  }

  void scalar(Value& out) {
    const Token token = lexer_.now();
    switch (token.kind) {
      case Token::Kind::number:
      case Token::Kind::string: out.text = token.text; break;
      case Token::Kind::name: {
        const bool word = token.text == "true" || token.text == "false" || token.text == "null";
        out.text = word ? token.text : json::quote(token.text);  // an enum value
        break;
      }
      case Token::Kind::mark:
      case Token::Kind::end: wrong("a value"); return;
    }
    out.kind = Value::Kind::json;
    if (!json::Document::parse(out.text).ok()) {
      wrong("a value");
      out.text = "null";
      return;
    }
    lexer_.advance();
  }

  Lexer lexer_;
  std::string error_;
};

void write(json::Writer& w, const Value& value, json::Value variables) {
  switch (value.kind) {
    case Value::Kind::null: w.null(); break;
    case Value::Kind::json: w.raw(value.text); break;
    case Value::Kind::variable: {
      const json::Value set = variables[value.text];
      if (set.missing()) {
        w.null();
      } else {
        w.value(set);
      }
      break;
    }
    case Value::Kind::list:
      w.begin_array();
      for (const Value& item : value.items) write(w, item, variables);
      w.end_array();
      break;
    case Value::Kind::object:
      w.begin_object();
      for (std::size_t i = 0; i < std::min(value.names.size(), value.items.size()); ++i) {
        w.key(value.names[i]);
        write(w, value.items[i], variables);
      }
      w.end_object();
      break;
  }
}

}  // namespace

Result<Document> parse(std::string_view text) { return Parser(text).document(); }

json::Document evaluate(const Arguments& arguments, json::Value variables) {
  json::Writer w;
  w.begin_object();
  for (const auto& [name, value] : arguments) {
    if (value.kind == Value::Kind::variable && variables[value.text].missing()) continue;
    w.key(name);
    write(w, value, variables);
  }
  w.end_object();
  auto document = json::Document::parse(w.text());
  return document.ok() ? std::move(document).value() : json::Document();
}

}  // namespace socbridge::sandbox::graphql
