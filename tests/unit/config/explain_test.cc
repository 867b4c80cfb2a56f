// SPDX-License-Identifier: Apache-2.0
#include "schema.h"

using namespace socbridge;
using namespace socbridge::config;

TEST_CASE("a row for every key, in the order of the schema") {
  Settings s(example_schema());
  CHECK(s.add_json(R"({"tags": ["a"], "api_key": "hunter2"})", "f.json").empty());
  const auto rows = s.explain();
  REQUIRE(rows.size() == example_schema().size());
  CHECK(rows[0].name == "url");
  CHECK(rows[0].value_json == R"("http://127.0.0.1:9000")");
  CHECK(rows[0].origin == "default");
  CHECK(rows[0].doc == "where to send");
  CHECK(rows[3].value_json == "null");
  CHECK(rows[5].value_json == R"(["a"])");
  CHECK(rows[5].origin == "f.json");
  CHECK(rows[8].value_json == R"("[set]")");
  CHECK(rows[8].origin == "f.json");
}

TEST_CASE("a secret that is not set is an empty string") {
  const Settings s(example_schema());
  CHECK(s.explain()[8].value_json == R"("")");
}

TEST_CASE("no row contains a secret") {
  Settings s(example_schema());
  CHECK(s.add_json(R"({"api_key": "hunter2"})", "f.json").empty());
  for (const auto& row : s.explain()) {
    CHECK((row.name + row.value_json + row.origin + row.doc).find("hunter2") == std::string::npos);
  }
}

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
