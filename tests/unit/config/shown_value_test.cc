// SPDX-License-Identifier: Apache-2.0
#include "config/shown_value.h"

#include "schema.h"

using namespace socbridge;
using namespace socbridge::config;

namespace {

const Schema& row_schema() {
  static const Schema kSchema = {{"url", Kind::string, R"("")", ""},
                                 {"proxy", Kind::string, R"("")", ""},
                                 {"api_key", Kind::secret, "", ""},
                                 {"organisation", Kind::string, R"("")", ""}};
  return kSchema;
}

Schema nested_schema() {
  return {{"url", Kind::string, R"("")", ""},
          {"proxy", Kind::string, R"("")", ""},
          {"title", Kind::string, R"("")", ""},
          {"rules", Kind::array, "[]", ""},
          {"rate_cap", Kind::object, "{}", ""},
          {"destinations", Kind::object, "{}", "", 0, 0, {}, row_schema}};
}

// The output of explain() for a key of nested_schema().
std::string explained(std::size_t place, const std::string& value) {
  Settings s(nested_schema());
  const std::string name(nested_schema()[place].name);
  CHECK(s.add_json("{\"" + name + "\":" + value + "}", "f.json").empty());
  return s.explain()[place].value_json;
}

}  // namespace

TEST_CASE("no login of a URL is shown, whether it is one or is refused") {
  CHECK(explained(0, R"("https://user:pw@x/p")") == R"("https://[redacted]@x/p")");
  CHECK(explained(0, R"("https://user:p/w#@@x")") == R"("https://[redacted]@x")");
  CHECK(explained(0, R"("https://x/p?a=b")") == R"("https://x/p?a=b")");
  CHECK(explained(1, R"("http://u:pw@p:3128")") == R"("http://[redacted]@p:3128")");
  CHECK(explained(1, R"("u:pw@p:3128")") == R"("[redacted]@p:3128")");
  CHECK(explained(1, R"("u@p://x")") == R"("[redacted]@p://x")");
  CHECK(explained(2, R"("see https://u:pw@x/ and http://y a@b")") ==
        R"("see https://[redacted]@x/ and http://y a@b")");
}

TEST_CASE("members that are called like secrets are not shown, however deep") {
  CHECK(explained(3, R"([{"API_Key": "pw", "name": "n"}, ["x", {"token": ["pw"]}]])") ==
        R"([{"API_Key":"[set]","name":"n"},["x",{"token":"[set]"}]])");
  CHECK(explained(4, R"({"api_key": {"a": "pw"}, "apikey": "pw", "key": 5, "password": "",
                         "Secret": "pw", "proxy_login": "u:pw", "max": 20, "a": null})") ==
        R"({"api_key":"[set]","apikey":"[set]","key":"[set]","password":"","Secret":"[set]",)"
        R"("proxy_login":"[set]","max":20,"a":null})");
  CHECK(explained(4, R"({"url": ["http://u:pw@x"], "a": {"proxy": "u:pw@x"}, "b": "u@x"})") ==
        R"({"url":["http://[redacted]@x"],"a":{"proxy":"[redacted]@x"},"b":"u@x"})");
}

TEST_CASE("rows show only known keys, without their secrets") {
  CHECK(explained(5, R"({"a": {"url": "http://u:pw@x", "proxy": "u:pw@p", "api_key": "pw",
                               "organisation": {"key": "pw"}, "apy_key": "pw"}, "b": "pw"})") ==
        R"({"a":{"url":"http://[redacted]@x","proxy":"[redacted]@p","api_key":"[set]",)"
        R"("organisation":{"key":"[set]"}},"b":{}})");
}

TEST_CASE("explain shows rows without their secrets") {
  Settings s(nested_schema());
  REQUIRE(
      s.add_json(
           R"({"destinations":{"a":{"url":"u","api_key":"hunter2","apikey":"hunter3"},"b":{}}})",
           "f.json")
          .empty());
  CHECK(s.explain()[5].value_json == R"({"a":{"url":"u","api_key":"[set]"},"b":{}})");
}

TEST_CASE("a secret of its own key is set or not, whatever its JSON is") {
  const Key secret{"api_key", Kind::secret, "", ""};
  const auto shown = [&](std::string_view json) {
    const auto document = json::Document::parse(json);
    REQUIRE(document.ok());
    return shown_value(secret, document->root());
  };
  CHECK(shown(R"("hunter2")") == R"("[set]")");
  CHECK(shown(R"(["hunter2"])") == R"("[set]")");
  CHECK(shown(R"("")") == R"("")");
  CHECK(shown("null") == R"("")");
  CHECK(shown_value(secret, json::Value()) == "null");  // not there at all
}

TEST_CASE("of a member that is there twice the first one is shown, which is the one that counts") {
  CHECK(explained(4, R"({"max": 1, "max": 2, "key": "", "key": "pw"})") == R"({"max":1,"key":""})");
  CHECK(explained(5, R"({"a": {"url": "http://x", "url": "http://u:pw@x"}, "a": {}})") ==
        R"({"a":{"url":"http://x"}})");
}

TEST_CASE("each URL in a text loses its login, and an @ behind the host is none") {
  CHECK(explained(2, R"("http://a:b@x http://c:d@y")") ==
        R"("http://[redacted]@x http://[redacted]@y")");
  CHECK(explained(2, R"("http://x/@b http://y?c@d http://z#e@f")") ==
        R"("http://x/@b http://y?c@d http://z#e@f")");
  CHECK(explained(2, R"("http://")") == R"("http://")");
  CHECK(explained(2, R"("http://a:b@c@x")") == R"("http://[redacted]@x")");
}
