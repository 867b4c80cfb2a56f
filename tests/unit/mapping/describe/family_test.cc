// SPDX-License-Identifier: Apache-2.0
#include "mapping/describe/family.h"

#include "unit/mapping/fixtures.h"

using namespace socbridge;
using namespace socbridge::mapping;
using namespace socbridge::mapping::test;

namespace {

// "Name: Label=value; …"
std::string listed(const std::string& members) {
  const Family family = family_of(parse("{" + members + "}"));
  std::string out(family.name);
  for (const Fact& fact : family.facts) {
    out += (out == family.name ? ": " : "; ") + std::string(fact.label) + "=" + fact.value;
  }
  return out;
}

std::string text(const std::string& value, std::string_view path = "data.x") {
  const auto document = json::Document::parse(value);
  REQUIRE(document.ok());
  return text_of(document->root(), path);
}

}  // namespace

TEST_CASE("the first kind that has one of its fields") {
  CHECK(listed(R"("data":{"srcip":"203.0.113.9","url":"/x"})") == "Web: URL=/x; From=203.0.113.9");
  CHECK(listed(R"("data":{"srcip":"203.0.113.9"})") == "Connection: From=203.0.113.9");
  CHECK(listed(R"("syscheck":{"path":"/etc/passwd"},"data":{"srcip":"203.0.113.9"})") ==
        "File: File=/etc/passwd");
  CHECK(listed("").empty());
  CHECK(listed(R"("data":{"unknown":1})").empty());
}

TEST_CASE("a mark may have to have a value of a list, as text or number") {
  const auto event = [](const std::string& id) {
    return listed(R"("data":{"win":{"system":{"eventID":)" + id + "}}}");
  };
  CHECK(event("\"4625\"") == "Logon: Event=4625");
  CHECK(event("4625") == "Logon: Event=4625");
  CHECK(event("\"46\"") == "Windows event: Event=46");
  CHECK(event("\"4625,4634\"") == "Windows event: Event=4625,4634");
  CHECK(event("null").empty());
}

TEST_CASE("empty marks are none, and a kind without a fact gives way to the next") {
  CHECK(listed(R"("data":{"url":"","srcip":"203.0.113.9"})") == "Connection: From=203.0.113.9");
  CHECK(listed(R"("data":{"vulnerability":{},"srcip":"203.0.113.9"})") ==
        "Connection: From=203.0.113.9");
  CHECK(listed(R"("data":{"vulnerability":null,"srcip":"203.0.113.9"})") ==
        "Connection: From=203.0.113.9");
}

TEST_CASE("the first path of a fact that has a value") {
  CHECK(listed(R"("data":{"alert":{"signature":""},"msg":"m","src_ip":"1","srcip":"2"})") ==
        "Network sensor: Signature=m; From=1");
  CHECK(listed(R"("data":{"note":"n","alert":{"signature":{"a":1}}})") ==
        "Network sensor: Signature=n");
}

TEST_CASE("names with points are found like objects") {
  CHECK(listed(R"("data.url":"/x")") == "Web: URL=/x");
  CHECK(listed(R"("data":{"win.eventdata":{"image":"a.exe"}})") == "Process: Process=a.exe");
  CHECK(listed(R"("data":{"win":{"eventdata.image":"a.exe"}})") == "Process: Process=a.exe");
  CHECK(listed(R"("data":{"win":{"eventdata":{"image":"a.exe"}}})") == "Process: Process=a.exe");
  CHECK(listed(R"("data.win.eventdata.image":"a.exe")") == "Process: Process=a.exe");
  // Both exist: neither hides the other.
  CHECK(listed(R"("data":{"x":1},"data.url":"/x")") == "Web: URL=/x");
  CHECK(listed(R"("data":{"win":{"system":{"eventID":"1"}},"win.eventdata":{"image":"a.exe"}})")
            .starts_with("Process: Process=a.exe"));
}

TEST_CASE("family: data of a wrong type is ignored") {
  for (const char* data : {"[]", "7", "\"url\"", "null", "[{\"url\":\"/x\"}]", "{\"win\":[1]}"}) {
    CAPTURE(data);
    CHECK_NOTHROW(listed(R"("data":)" + std::string(data)));
    CHECK(listed(R"("data":)" + std::string(data)).find("URL") == std::string::npos);
  }
}

TEST_CASE("texts of values: scalars and lists of them") {
  CHECK(text("\" a \"") == "a");
  CHECK(text("12") == "12");
  CHECK(text("true") == "true");
  CHECK(text("null").empty());
  CHECK(text("{\"a\":1}").empty());
  CHECK(text(R"(["a",1,null,"",{"b":2},["c"],"d"])") == "a, 1, d");
  CHECK(text("[]").empty());
}

TEST_CASE("20 elements of a long list are examined, with a note") {
  std::string list = "[0";
  for (int i = 1; i < 20; ++i) list += "," + std::to_string(i);
  CHECK(text(list + "]").ends_with(", 19"));
  CHECK(text(list + ",20]").ends_with(", 19, …"));
  std::string nulls = "[null";
  for (int i = 0; i < 30; ++i) nulls += ",null";
  CHECK(text(nulls + "]").empty());
}

TEST_CASE("escapes of Windows are taken off below data.win only") {
  CHECK(text(R"("C:\\\\a &lt;b&gt;")", "data.win.eventdata.image") == R"(C:\a <b>)");
  CHECK(text(R"("C:\\\\a")", "data.windows") == R"(C:\\a)");
  CHECK(text(R"(["a\\\\b","c"])", "data.win.x") == R"(a\b, c)");
  CHECK(text("\"  \"", "data.win.x").empty());
}

TEST_CASE("family: where a fact was found") {
  const Fact plain{"l", "v", "data.a"}, event{"l", "v", "@user"};
  CHECK(is_at(plain, "data.a"));
  CHECK_FALSE(is_at(plain, "data.a.b"));
  CHECK(is_at(event, "data.win.eventdata.user"));
  for (const char* path :
       {"@user", "user", "data.win.eventdata.", "data.win.eventdata.username", ""}) {
    CHECK_FALSE(is_at(event, path));
  }
}

TEST_CASE("a text that needs no change is not copied") {
  const auto document = json::Document::parse(R"({"a":" plain ","b":"C:\\\\x"})");
  std::string made = "untouched";
  const std::string_view plain = text_of(document->root()["a"], "data.a", made);
  CHECK(plain == "plain");
  CHECK(made == "untouched");
  CHECK(text_of(document->root()["b"], "data.win.b", made).data() == made.data());
}
