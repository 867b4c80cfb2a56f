// SPDX-License-Identifier: Apache-2.0
#include "http/ca_locations.h"

#include <stdlib.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "support/temp_dir.h"

namespace socbridge::http {
namespace {

namespace fs = std::filesystem;

struct Root : socbridge::test::TempDir {
  void add(const std::string& name, const std::string& text = "x") const { write(name, text); }
};

void add_hashed(const Root& root, const std::string& dir, int count) {
  for (int i = 0; i < count; ++i) root.add(dir + "/abcdef" + std::to_string(10 + i) + ".0");
}

}  // namespace

TEST_CASE("ca locations: no store at all") {
  const Root root;
  const CaLocation found = probe_ca_locations(Env::real(), root.path());
  CHECK(found.file.empty());
  CHECK(found.dir.empty());
}

TEST_CASE("a hashed folder wins over the bundle in it") {
  const Root root;
  root.add("/etc/ssl/certs/ca-certificates.crt");
  add_hashed(root, "/etc/ssl/certs", 20);
  const CaLocation found = probe_ca_locations(Env::real(), root.path());
  CHECK(found.dir == root.path() + "/etc/ssl/certs");
  CHECK(found.file.empty());
}

TEST_CASE("a folder with a few certificates is not the store") {
  const Root root;
  root.add("/etc/ssl/certs/ca-certificates.crt");
  add_hashed(root, "/etc/ssl/certs", 3);
  const CaLocation found = probe_ca_locations(Env::real(), root.path());
  CHECK(found.dir.empty());
  CHECK(found.file == root.path() + "/etc/ssl/certs/ca-certificates.crt");
}

TEST_CASE("ca locations: bundles of the distributions") {
  for (const char* file :
       {"/etc/ssl/certs/ca-certificates.crt", "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
        "/etc/pki/tls/certs/ca-bundle.crt", "/var/lib/ca-certificates/ca-bundle.pem",
        "/etc/ssl/ca-bundle.pem", "/etc/ssl/cert.pem"}) {
    const Root root;
    root.add(file);
    CHECK(probe_ca_locations(Env::real(), root.path()).file == root.path() + file);
  }
}

TEST_CASE("ca locations: an empty bundle is none") {
  const Root root;
  root.add("/etc/ssl/cert.pem", "");
  CHECK(probe_ca_locations(Env::real(), root.path()).file.empty());
}

}  // namespace socbridge::http
