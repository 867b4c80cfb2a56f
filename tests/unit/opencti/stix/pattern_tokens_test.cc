// SPDX-License-Identifier: Apache-2.0
#include "opencti/stix/pattern_tokens.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

using namespace socbridge::opencti;
using Kind = PatternToken::Kind;

namespace {

using Lines = std::vector<std::string>;

// Kind and text of each token: `w` word, `s` string, `x` special, `.` symbol, `!` wrong.
Lines read(std::string_view text) {
  Lines out;
  for (PatternTokens tokens(text); tokens.current().kind != Kind::end; tokens.advance()) {
    const PatternToken& one = tokens.current();
    const char kind = one.kind == Kind::word      ? 'w'
                      : one.kind == Kind::string  ? 's'
                      : one.kind == Kind::special ? 'x'
                      : one.kind == Kind::symbol  ? '.'
                                                  : '!';
    out.push_back(kind + one.text);
    if (one.kind == Kind::wrong) break;
  }
  return out;
}

}  // namespace

TEST_CASE("pattern tokens: words, numbers, strings and symbols") {
  CHECK(read("[a:b.c != 'x']") == Lines{".[", "wa", ".:", "wb", "..", "wc", ".!=", "sx", ".]"});
  CHECK(read("12.5 -3 value.x 1.x") ==
        Lines{"w12.5", "w-3", "wvalue", "..", "wx", "w1", "..", "wx"});
  CHECK(read("<=<><") == Lines{".<=", ".<>", ".<"});
  CHECK(read("t'2020' h'ab' b'eA==' t") == Lines{"x2020", "xab", "xeA==", "wt"});
  CHECK(read("").empty());
}

TEST_CASE("only a backslash and a quote are escaped") {
  CHECK(read(R"('it\'s' 'C:\\a' 'C:\a' '\\')") == Lines{"sit's", R"(sC:\a)", R"(sC:\a)", R"(s\)"});
}

TEST_CASE("blanks and comments are skipped, positions are counted") {
  CHECK(read(" a // to the end\n/* and\n this */b") == Lines{"wa", "wb"});
  PatternTokens tokens("  ab = 'x'");
  CHECK(tokens.current().at == 2);
  tokens.advance();
  CHECK(tokens.current().at == 5);
  tokens.advance();
  CHECK(tokens.current().at == 7);
  tokens.advance();
  CHECK(tokens.current().kind == Kind::end);
  tokens.advance();  // stays there
  CHECK(tokens.current().kind == Kind::end);
}

TEST_CASE("an invalid pattern is reported, and nothing follows") {
  CHECK(read("'open") == Lines{"!a text without a closing quote"});
  CHECK(read(R"('a\')") == Lines{"!a text without a closing quote"});
  CHECK(read("a /* b") == Lines{"wa", "!an unterminated comment"});
  CHECK(read("a ; b") == Lines{"wa", "!a character that is not allowed in a pattern"});
  PatternTokens tokens(";");
  tokens.advance();
  CHECK(tokens.current().kind == Kind::end);
}
