// SPDX-License-Identifier: Apache-2.0
#include "profile/offers.h"

#include <catch2/catch.hpp>

namespace socbridge::profile {
namespace {

Offer offer(Place place, const std::string& url, const std::string& key = {}) {
  Offer out;
  out.place = place;
  out.url = url;
  out.url_origin = out.key_origin = place == Place::call ? "--url" : "/etc/socctl/config.json";
  out.key = Secret(key);
  return out;
}

}  // namespace

TEST_CASE("offers: several nodes of one cluster") {
  const auto found = choose("opensearch", KeyNeed::optional,
                            {offer(Place::file, "https://a:9200/, https://b:9200", "k3y")});
  REQUIRE(found.ok());
  CHECK((*found)->url == "https://a:9200");
  CHECK((*found)->more_urls == std::vector<std::string>{"https://b:9200"});
  CHECK((*found)->key.reveal() == "k3y");
}

TEST_CASE("a key is sent only to the nodes with which it was given") {
  const auto found = choose("opensearch", KeyNeed::optional,
                            {offer(Place::call, "https://a:9200,https://c:9200"),
                             offer(Place::file, "https://a:9200,https://b:9200", "k3y")});
  CHECK(found.status().code() == ExitCode::usage);
  const auto same = choose("opensearch", KeyNeed::optional,
                           {offer(Place::call, "https://a:9200/,https://b:9200/"),
                            offer(Place::file, "https://a:9200, https://b:9200", "k3y")});
  REQUIRE(same.ok());
  CHECK((*same)->key.reveal() == "k3y");
}

TEST_CASE("offers: other products have one URL") {
  const auto found =
      choose("thehive", KeyNeed::required, {offer(Place::call, "https://a,https://b", "k3y")});
  CHECK(found.status().code() == ExitCode::usage);
  CHECK(found.status().message() == "--url: thehive has one URL");
}

TEST_CASE("a client certificate of the environment is used with a URL of the command line") {
  Offer environment = offer(Place::call, "");
  environment.client_cert_file = "/c.pem";
  environment.client_key_file = "/c.key";
  environment.scheme = "ApiKey";
  const auto found =
      choose("opensearch", KeyNeed::optional, {offer(Place::call, "https://a"), environment});
  REQUIRE(found.ok());
  CHECK((*found)->client_cert_file == "/c.pem");
  CHECK((*found)->client_key_file == "/c.key");
  CHECK((*found)->scheme == "ApiKey");
}

TEST_CASE("offers: an error of a URL does not show it") {
  CHECK(read_urls("opensearch", "https://a, https://b/")->size() == 2);
  CHECK(read_urls("thehive", "https://a,https://b").status().message() == "thehive has one URL");
  const Status secret = read_urls("thehive", "https://u:Secr3tPw@x/").status();
  CHECK(secret.code() == ExitCode::usage);
  CHECK(secret.line().find("Secr3tPw") == std::string::npos);
}

}  // namespace socbridge::profile
