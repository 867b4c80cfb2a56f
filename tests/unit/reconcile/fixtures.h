// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdlib.h>
#include <zlib.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "base/time.h"

namespace socbridge::reconcile::test {

// A folder of its own, gone at the end.
class TempDir {
 public:
  TempDir() {
    char name[] = "/tmp/socbridge-reconcile-XXXXXX";
    path_ = ::mkdtemp(name);
  }
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  ~TempDir() { std::filesystem::remove_all(path_); }
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }
  std::string write(const std::string& name, const std::string& text) const {
    const std::string file = path_ + "/" + name;
    std::filesystem::create_directories(std::filesystem::path(file).parent_path());
    std::ofstream(file, std::ios::binary) << text;
    return file;
  }
  std::string gzip(const std::string& name, const std::string& text) const {
    const std::string file = write(name, "");
    gzFile out = gzopen(file.c_str(), "wb");
    gzwrite(out, text.data(), static_cast<unsigned>(text.size()));
    gzclose(out);
    return file;
  }
  void link(const std::string& from, const std::string& to) const {
    std::filesystem::create_hard_link(path_ + "/" + from, path_ + "/" + to);
  }

 private:
  std::string path_;
};

// One line as alerts.json holds it; the number makes it an alert of its own.
inline std::string alert_line(int number, int level = 10,
                              const std::string& time = "2025-03-14T07:40:01.037+0000") {
  return R"({"timestamp":")" + time + R"(","rule":{"level":)" + std::to_string(level) +
         R"(,"description":"d","id":"5763"},"agent":{"id":"003","name":"web-01"},)"
         R"("manager":{"name":"m"},"id":"1741938001.)" +
         std::to_string(number) + "\"}\n";
}

inline UnixMillis at(const char* text) { return parse_timestamp(text).value(); }

}  // namespace socbridge::reconcile::test
