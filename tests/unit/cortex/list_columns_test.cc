// SPDX-License-Identifier: Apache-2.0
#include "cortex/list_columns.h"

#include <catch2/catch.hpp>

using namespace socbridge::cortex;

TEST_CASE("list columns: cells") {
  CHECK(cells("a,\"b, \"\"c\"\"\", \"d\"", ',') == std::vector<std::string>{"a", "b, \"c\"", "d"});
  CHECK(cells("", ',').size() == 1);
}

TEST_CASE("columns are found by their names or by a type as name") {
  const auto by_name = read_columns("id;IOC_value;ioc_type");
  REQUIRE(by_name);
  CHECK(by_name->separator == ';');
  CHECK(by_name->value == 1);
  CHECK(by_name->type == 2);
  CHECK(by_name->count == 3);
  const auto by_type = read_columns("date\tDst_IP\turl\ttype");
  REQUIRE(by_type);
  CHECK(by_type->value == 1);
  CHECK(by_type->type_word == "Dst_IP");
  CHECK_FALSE(by_type->type);
  CHECK_FALSE(read_columns("203.0.113.7,example.org"));
  CHECK_FALSE(read_columns("user,file_name,comment"));
  CHECK_FALSE(read_columns("url"));
  CHECK_FALSE(read_columns("\"2026\", \"1\", \"203.0.113.7:84\", \"ip:port\""));
  CHECK_FALSE(read_columns("example.org,domain"));
}
