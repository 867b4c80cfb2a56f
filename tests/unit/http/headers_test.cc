// SPDX-License-Identifier: Apache-2.0
#include "http/headers.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

using namespace socbridge;
using namespace socbridge::http;

namespace {

std::vector<std::string> lines_of(const Request& request, bool has_body) {
  HeaderList list;
  REQUIRE(list.build(request, has_body));
  std::vector<std::string> out;
  for (const curl_slist* one = list.get(); one != nullptr; one = one->next)
    out.emplace_back(one->data);
  return out;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("headers: the lines of a request") {
  Request request;
  CHECK(lines_of(request, false).empty());
  request.headers = {{"Accept", "application/json"}};
  request.bearer = Secret("k3y");
  request.content_type = "application/json";
  CHECK(lines_of(request, false) == Lines{"Accept: application/json", "Authorization: Bearer k3y"});
  CHECK(lines_of(request, true) == Lines{"Accept: application/json", "Authorization: Bearer k3y",
                                         "Content-Type: application/json", "Expect:"});
  request.content_type.clear();
  CHECK(lines_of(request, true)[2] == "Content-Type:");  // never the type of a web form
}

TEST_CASE("a value cannot add a header") {
  for (const char* wrong : {"a\r\nX-Evil: 1", "a\nb", "a\rb", "a\x01", "a\x7f"}) {
    CAPTURE(wrong);
    HeaderList list;
    Request in_value;
    in_value.headers = {{"X-A", wrong}};
    CHECK_FALSE(list.build(in_value, false));
    Request in_name;
    in_name.headers = {{wrong, "a"}};
    CHECK_FALSE(list.build(in_name, false));
    Request in_key;
    in_key.bearer = Secret(wrong);
    CHECK_FALSE(list.build(in_key, false));
    Request in_type;
    in_type.content_type = wrong;
    CHECK_FALSE(list.build(in_type, true));
  }
}
