// SPDX-License-Identifier: Apache-2.0
#include "mapping/noise.h"

#include <catch2/catch.hpp>
#include <set>
#include <string>

using namespace socbridge::mapping;

TEST_CASE("each rule has a distinct name and a reason") {
  std::set<std::string_view> names;
  for (const std::string_view name : noise_names()) {
    CHECK(names.insert(name).second);
    const auto rule = noise_called(name);
    REQUIRE(rule);
    CHECK(noise_name(*rule) == name);
    CHECK(std::string(noise_reason(*rule)) != "");
  }
  CHECK(names.size() == 11);
  CHECK_FALSE(noise_called("none"));
  CHECK_FALSE(noise_called(""));
  CHECK(noise_name(Noise::none).empty());
}

TEST_CASE("noise: a set contains only added names") {
  NoiseSet set;
  set.add(Noise::sids);
  set.add(Noise::cloud_services);
  for (const std::string_view name : noise_names()) {
    CHECK(set.has(*noise_called(name)) == (name == "sids" || name == "cloud_services"));
  }
}

TEST_CASE("which accounts may belong to a person") {
  struct Row {
    const char* user;
    Noise noise;
  };
  for (const Row& row :
       {Row{"a.meyer", Noise::none}, Row{R"(LAB\a.meyer)", Noise::none}, Row{"root", Noise::none},
        Row{"system", Noise::system_accounts}, Row{R"(NT AUTHORITY\x)", Noise::system_accounts},
        Row{R"(CORP\SYSTEM)", Noise::system_accounts}, Row{"DWM-12", Noise::system_accounts},
        Row{"UMFD-0", Noise::system_accounts}, Row{"dwm-", Noise::none}, Row{"DWM-x", Noise::none},
        Row{"PC9$", Noise::machine_accounts}, Row{"S-1-5-21-1-2-3-500", Noise::sids},
        Row{"{01234567-89ab-cdef-0123-456789ABCDEF}", Noise::guids}, Row{"4711", Noise::numbers},
        Row{"0x3e7", Noise::numbers}, Row{"-1", Noise::numbers}, Row{"TRUE", Noise::numbers},
        Row{"ec2.amazonaws.com", Noise::cloud_services}}) {
    CAPTURE(row.user);
    CHECK(account_noise(row.user) == row.noise);
  }
}

TEST_CASE("SIDs of Windows itself, not those of accounts") {
  for (const char* sid : {"S-1-5-18", "s-1-5-32-544", "S-1-0-0"}) CHECK(is_system_sid(sid));
  for (const char* sid : {"S-1-5-21-1-2-3-500", "S-1-12-1-5-6-7-8", "S-1-", "S-1-5-18x", "x"}) {
    CAPTURE(sid);
    CHECK_FALSE(is_system_sid(sid));
  }
}

TEST_CASE("GUIDs, numbers and services are of their form and no other") {
  CHECK(is_guid("01234567-89ab-cdef-0123-456789abcdef"));
  for (const char* text :
       {"", "{}", "01234567-89ab-cdef-0123-456789abcde", "{x}",
        "01234567089ab-cdef-0123-456789abcdef", "0123456g-89ab-cdef-0123-456789abcdef"}) {
    CAPTURE(text);
    CHECK_FALSE(is_guid(text));
  }
  for (const char* text : {"", "-", "0x", "12a", "yesterday"}) {
    CAPTURE(text);
    CHECK_FALSE(is_number_or_flag(text));
  }
  CHECK(is_number_or_flag("1.5"));
  CHECK(is_cloud_service("storage.googleapis.com"));
  CHECK(is_cloud_service("AWS Internal"));
  for (const char* name : {"bucket.s3.amazonaws.com", ".amazonaws.com", "amazonaws.com",
                           "ec2.amazonaws.com.bad.example"}) {
    CAPTURE(name);
    CHECK_FALSE(is_cloud_service(name));
  }
}
