// SPDX-License-Identifier: Apache-2.0
#include "opencti/stix/pattern.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "opencti/stix/pattern_tokens.h"

namespace socbridge::opencti {
namespace {

using Kind = PatternToken::Kind;

constexpr int kDeepest = 64;
constexpr std::size_t kMostComparisons = 10000;

// Recursive descent. Each rule returns false after fail().
class Parser {
 public:
  explicit Parser(std::string_view text) : tokens_(text) {}

  Result<Pattern> parse() {
    if (observations(0) && now().kind != Kind::end) fail("AND, OR, FOLLOWEDBY or the end");
    if (!error_.empty()) return Status::error(ExitCode::bad_input, error_);
    return std::move(out_);
  }

 private:
  const PatternToken& now() const { return tokens_.current(); }
  bool keyword(std::string_view word) const {
    return now().kind == Kind::word && iequals(now().text, word);
  }

  bool fail(std::string_view wanted) {
    if (!error_.empty()) return false;
    error_ = "column " + std::to_string(now().at + 1) + ": ";
    error_ += now().kind == Kind::wrong ? now().text : "expected " + std::string(wanted);
    return false;
  }

  bool expect(std::string_view symbol) {
    if (!now().is(symbol)) return fail(symbol);
    tokens_.advance();
    return true;
  }

  // Marks the comparisons since `from` as insufficient to make the pattern true.
  void not_alone(std::size_t from) {
    for (std::size_t i = from; i < out_.comparisons.size(); ++i) out_.comparisons[i].alone = false;
  }
  void negate(std::size_t from) {
    for (std::size_t i = from; i < out_.comparisons.size(); ++i) {
      out_.comparisons[i].negated = !out_.comparisons[i].negated;
    }
  }

  // AND binds tighter than OR, in both kinds of expressions.
  template <typename Part, typename Tight>
  bool alternatives(int depth, Part part, Tight is_tight) {
    if (depth > kDeepest) return fail("less nesting");
    std::size_t term = out_.comparisons.size();
    bool joined = false;
    while (true) {
      if (!part()) return false;
      const bool tight = is_tight();
      joined = joined || tight;
      if (joined) not_alone(term);
      if (!tight && !keyword("OR")) return true;
      if (!tight) {
        joined = false;
        term = out_.comparisons.size();
      }
      tokens_.advance();
    }
  }

  bool observations(int depth) {
    return alternatives(
        depth, [&] { return observation(depth); },
        [&] { return keyword("AND") || keyword("FOLLOWEDBY"); });
  }

  bool observation(int depth) {
    const std::size_t begin = out_.comparisons.size();
    if (now().is("(")) {
      tokens_.advance();
      if (!observations(depth + 1) || !expect(")")) return false;
    } else {
      if (!expect("[") || !comparisons(depth + 1) || !expect("]")) return false;
    }
    return qualifiers(begin);
  }

  bool qualifiers(std::size_t begin) {
    while (keyword("WITHIN") || keyword("REPEATS") || keyword("START")) {
      const bool start = keyword("START");
      tokens_.advance();
      out_.qualified = true;
      not_alone(begin);
      if (start) {
        if (!literal(nullptr)) return false;
        if (!keyword("STOP")) return fail("STOP");
        tokens_.advance();
        if (!literal(nullptr)) return false;
        continue;
      }
      if (now().kind != Kind::word) return fail("a number");
      tokens_.advance();
      if (!keyword("SECONDS") && !keyword("TIMES")) return fail("SECONDS or TIMES");
      tokens_.advance();
    }
    return true;
  }

  bool comparisons(int depth) {
    return alternatives(
        depth, [&] { return comparison_term(depth); }, [&] { return keyword("AND"); });
  }

  bool comparison_term(int depth) {
    const std::size_t begin = out_.comparisons.size();
    bool negated = false;
    while (keyword("NOT") || keyword("EXISTS")) {
      negated = negated != keyword("NOT");
      if (keyword("EXISTS")) {
        tokens_.advance();
        return exists(negated);
      }
      tokens_.advance();
    }
    if (now().is("(")) {
      tokens_.advance();
      if (!comparisons(depth + 1) || !expect(")")) return false;
      if (negated) {
        negate(begin);
        not_alone(begin);
      }
      return true;
    }
    if (!comparison()) return false;
    if (negated) negate(begin);
    return true;
  }

  bool exists(bool negated) {
    Comparison one;
    one.op = "EXISTS";
    one.negated = negated;
    return object_path(one) && keep(std::move(one));
  }

  bool keep(Comparison&& one) {
    if (out_.comparisons.size() >= kMostComparisons) return fail("fewer comparisons");
    out_.comparisons.push_back(std::move(one));
    return true;
  }

  bool comparison() {
    Comparison one;
    if (!object_path(one)) return false;
    if (keyword("NOT")) {
      one.negated = true;
      tokens_.advance();
    }
    if (!read_operator(one)) return false;
    if (one.op == "IN") {
      if (!expect("(")) return false;
      while (true) {
        if (!literal(&one)) return false;
        if (!now().is(",")) break;
        tokens_.advance();
      }
      if (!expect(")")) return false;
    } else if (!literal(&one)) {
      return false;
    }
    return keep(std::move(one));
  }

  bool read_operator(Comparison& one) {
    static constexpr std::array<std::string_view, 5> kWords = {"IN", "LIKE", "MATCHES", "ISSUBSET",
                                                               "ISSUPERSET"};
    if (now().kind == Kind::word) {
      one.op = ascii_upper(now().text);
      if (std::find(kWords.begin(), kWords.end(), one.op) == kWords.end()) {
        return fail("an operator");
      }
    } else if (now().is("=") || now().is("==")) {
      one.op = "=";
    } else if (now().is("!=") || now().is("<>")) {
      one.op = "!=";
      one.negated = !one.negated;
    } else if (now().is("<") || now().is(">") || now().is("<=") || now().is(">=")) {
      one.op = now().text;
    } else {
      return fail("an operator");
    }
    tokens_.advance();
    return true;
  }

  // ipv4-addr:value, file:hashes.'SHA-256', network-traffic:dst_ref.value, x:list[*].y
  bool object_path(Comparison& one) {
    if (now().kind != Kind::word) return fail("an object path");
    one.type = ascii_lower(now().text);
    tokens_.advance();
    if (!expect(":")) return false;
    while (true) {
      if (now().kind != Kind::word && now().kind != Kind::string) return fail("a property");
      one.path += now().text;
      tokens_.advance();
      while (now().is("[")) {
        tokens_.advance();
        if (!now().is("*") && now().kind != Kind::word) return fail("an index");
        one.path += "[" + now().text + "]";
        tokens_.advance();
        if (!expect("]")) return false;
      }
      if (!now().is(".")) return true;
      one.path += '.';
      tokens_.advance();
    }
  }

  bool literal(Comparison* one) {
    if (now().kind != Kind::word && now().kind != Kind::string && now().kind != Kind::special) {
      return fail("a value");
    }
    if (one != nullptr) one->values.push_back(now().text);
    tokens_.advance();
    return true;
  }

  PatternTokens tokens_;
  Pattern out_;
  std::string error_;
};

}  // namespace

Result<Pattern> parse_pattern(std::string_view text) { return Parser(text).parse(); }

std::string escape_literal(std::string_view value) {
  std::string out;
  for (const char c : value) {
    if (c == '\\' || c == '\'') out += '\\';
    out += c;
  }
  return out;
}

}  // namespace socbridge::opencti
