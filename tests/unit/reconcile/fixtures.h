// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <zlib.h>

#include <filesystem>
#include <string>

#include "base/time.h"
#include "support/temp_dir.h"

namespace socbridge::reconcile::test {

class TempDir : public socbridge::test::TempDir {
 public:
  std::string gzip(const std::string& name, const std::string& text) const {
    const std::string file = write(name, "");
    gzFile out = gzopen(file.c_str(), "wb");
    gzwrite(out, text.data(), static_cast<unsigned>(text.size()));
    gzclose(out);
    return file;
  }
  void link(const std::string& from, const std::string& to) const {
    std::filesystem::create_hard_link(*this / from, *this / to);
  }
};

// One line as in alerts.json; the number makes it a unique alert.
inline std::string alert_line(int number, int level = 10,
                              const std::string& time = "2025-03-14T07:40:01.037+0000") {
  return R"({"timestamp":")" + time + R"(","rule":{"level":)" + std::to_string(level) +
         R"(,"description":"d","id":"5763"},"agent":{"id":"003","name":"web-01"},)"
         R"("manager":{"name":"m"},"id":"1741938001.)" +
         std::to_string(number) + "\"}\n";
}

inline UnixMillis at(const char* text) { return parse_timestamp(text).value(); }

}  // namespace socbridge::reconcile::test
