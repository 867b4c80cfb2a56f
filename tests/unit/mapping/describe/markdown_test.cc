// SPDX-License-Identifier: Apache-2.0
#include "mapping/describe/markdown.h"

#include "base/text.h"
#include "unit/mapping/fixtures.h"

using namespace socbridge;
using namespace socbridge::mapping;
using namespace socbridge::mapping::test;

namespace {

std::string fenced(std::string_view text, std::size_t max_units) {
  std::string out;
  append_fenced(out, text, max_units);
  return out;
}

}  // namespace

TEST_CASE("words that make links are separated from escaped text around them") {
  CHECK(escape_markdown("a_b 192.0.2.7 www.example.com c_d", 100) ==
        "a\\_b 192.0.2.7 `www.example.com` c\\_d");
  CHECK(escape_markdown("www.a_b.example www.c.example", 100) ==
        "`www.a_b.example` `www.c.example`");
  CHECK(escape_markdown("@a|@b", 100) == "`@a`\\|`@b`");
  CHECK(escape_markdown("a/b//c .d e. 1.2 x.1", 100) == "`a/b//c` .d e. 1.2 x.1");
  CHECK(escape_markdown("mailto:x a:b 1a:b ab: 12:30", 100) ==
        "`mailto:x` a&#58;b 1a&#58;b ab&#58; 12&#58;30");
}

TEST_CASE("each of many equal characters is written as one of them") {
  for (char c = 1; c > 0 && c < 0x7F; ++c) {
    if (c == '@' || c == '/') continue;  // these become links
    const std::string one = escape_markdown(std::string(1, c), 10);
    std::string many;
    for (std::size_t count = 1; count <= 130; ++count) {
      many += one;
      CHECK(escape_markdown(std::string(count, c), 1000) == many);
    }
  }
}

TEST_CASE("a text of the shortest links only has room for all of them") {
  std::string text, expected;
  for (int i = 0; i < 400; ++i) {
    text += "@ ";
    expected += "`@` ";
  }
  CHECK(escape_markdown(text, 1000) == expected);
  CHECK(escape_markdown(text + "|", 1000) == expected + "\\|");
}

TEST_CASE("markdown: a row of a table is appended") {
  std::string out = "x\n";
  append_row(out, "MITRE ATT&amp;CK", "a_b|www.example.com", 100);
  append_text_row(out, "a_b.c", "::", 100);
  append_row(out, "cut", "12345", 3);
  CHECK(out ==
        "x\n| MITRE ATT&amp;CK | a\\_b\\|`www.example.com` |\n"
        "| `a_b.c` | &#58;&#58; |\n| cut | 12… |\n");
}

TEST_CASE("a text is added as printable() shows it") {
  for (const char* const text :
       {"", "plain", "1234567\x7f", "12345678", "a\x1b[2Jb", "\u202e\xFF"}) {
    std::string out = "x";
    append_printable(out, text);
    CHECK(out == "x" + printable(text, SIZE_MAX));
  }
}

TEST_CASE("markdown: escaped text is not markup") {
  const std::string out =
      escape_markdown("<script>a|b</script> [l](x) ![i](y) **b** `c` # h ~s~ _u_", 500);
  CHECK(out.find('<') == std::string::npos);
  CHECK(out.find('>') == std::string::npos);
  CHECK(out.find("&lt;script&gt;") != std::string::npos);
  // Each of these is escaped by a backslash, at any position.
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (std::string_view("|[]()*#~_!").find(out[i]) == std::string_view::npos) continue;
    if (out[i] == '#' && i > 0 && out[i - 1] == '&') continue;  // of an entity
    REQUIRE(i > 0);
    CHECK(out[i - 1] == '\\');
  }
}

TEST_CASE("entities and backslashes of the text do not survive as such") {
  CHECK(escape_markdown("&lt;b&gt;", 100) == "&amp;lt;b&amp;gt;");
  CHECK(escape_markdown("a\\|b", 100) == "a\\\\\\|b");
}

TEST_CASE("what readers make a link of by themselves is a code span") {
  for (const std::string word :
       {"http://example.net/", "HTTPS://x", "ftp://example.net", "www.example.net", "WWW.x",
        "//example.net/a", "root@example.net", "mailto:root@example.net", "xmpp:a", "mailto:a",
        "example.net", "a/b/example.net:80", "hxxp://x", "@octocat", "b\xC3\xBC.example",
        "x.\xD1\x80\xD1\x84"}) {
    CHECK(escape_markdown(word, 100) == "`" + word + "`");
    CHECK(escape_markdown("x " + word + " y", 100) == "x `" + word + "` y");
    CHECK(escape_markdown("<" + word + ">", 100) == "&lt;`" + word + "`&gt;");
    CHECK(escape_markdown("`" + word + "`|" + word, 100) ==
          "&#96;`" + word + "`&#96;\\|`" + word + "`");
  }
  CHECK(escape_markdown("[x](http://example.net)!", 100) == "\\[x\\]\\(`http://example.net`\\)\\!");
  for (const std::string word :
       {"192.0.2.1", "5763", "1741938001.1200", "sshd:", "a:b", "v1.2.3", "etc."}) {
    CHECK(escape_markdown(word, 100).find('`') == std::string::npos);
  }
}

TEST_CASE("control and direction-changing characters show as escapes") {
  const std::string out = escape_markdown(
      "a\nb\x1B[31m\xE2\x80\xAE"
      "c",
      100);
  CHECK(out.find('\n') == std::string::npos);
  CHECK(out.find('\x1B') == std::string::npos);
  CHECK(out.find("\xE2\x80\xAE") == std::string::npos);
}

TEST_CASE("the fence is longer than any run inside") {
  CHECK(fenced("plain", 100) == "```\nplain\n```\n");
  CHECK(fenced("a ````` b", 100).starts_with("``````\n"));
  CHECK(fenced("```\n# out\n```", 100).starts_with("````\n"));
  CHECK(fenced("a\r\nb", 100) == "```\na\nb\n```\n");
  CHECK(fenced("x\x1By", 100).find('\x1B') == std::string::npos);
}

TEST_CASE("markdown: texts are truncated by UTF-16 units") {
  CHECK(fenced(std::string(50, 'x'), 10).find(std::string(10, 'x')) == std::string::npos);
  CHECK(utf16_length(escape_markdown(std::string(50, 'x'), 10)) == 10);
}

TEST_CASE("an injected description stays one line of text") {
  const Mapped m =
      map(parse(R"({"rule":{"level":10,"id":"1","description":"x\n# H\n\n| a | <img src=x>"},)"
                R"("location":"a | b\n\n## y","full_log":"```\n</code># out\n```"})"),
          {}, kNow);
  const std::string& text = m.alert.description;
  CHECK(text.find("\n# H") == std::string::npos);
  CHECK(text.find("\n## y") == std::string::npos);
  CHECK(text.find("<img") == std::string::npos);
  CHECK(text.find("````\n```") != std::string::npos);
}

TEST_CASE("the log is truncated and may be omitted") {
  const auto alert =
      parse(R"({"rule":{"level":10,"id":"1"},"full_log":")" + std::string(5000, 'z') + "\"}");
  Options options;
  options.max_log_chars = 100;
  CHECK(map(alert, options, kNow).alert.description.find(std::string(101, 'z')) ==
        std::string::npos);
  options.max_log_chars = 0;
  CHECK(map(alert, options, kNow).alert.description.find("zz") == std::string::npos);
}

TEST_CASE("markdown: without a log the data is shown") {
  CHECK(map(with_data(R"({"k":"v-123"})"), {}, kNow).alert.description.find("v-123") !=
        std::string::npos);
}
