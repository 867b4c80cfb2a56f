// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "base/env.h"
#include "wazuh/alert.h"

namespace socbridge::wazuh::test {

inline Alert parsed(std::string_view text) {
  auto alert = Alert::parse(text);
  INFO(alert.status().line());
  REQUIRE(alert.ok());
  return std::move(alert).value();
}

inline std::string gzipped(const std::string& text) {
  std::string out(compressBound(static_cast<uLong>(text.size())) + 64, '\0');
  z_stream stream{};
  constexpr int kGzip = 15 + 16;
  REQUIRE(deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, kGzip, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string in = text;
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  REQUIRE(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

// A folder that is gone when the test ends; files in it are removed with it.
class TempDir {
 public:
  TempDir() {
    std::string pattern = "/tmp/socbridge-wazuh-XXXXXX";
    REQUIRE(mkdtemp(pattern.data()) != nullptr);
    path_ = pattern;
  }
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  ~TempDir() {
    for (auto it = made_.rbegin(); it != made_.rend(); ++it) {
      if (unlink(it->c_str()) != 0) rmdir(it->c_str());
    }
    rmdir(path_.c_str());
  }
  const std::string& path() const { return path_; }
  std::string write(const std::string& name, std::string_view bytes) {
    std::string file = path_ + "/" + name;
    Env& env = Env::real();
    auto fd = env.create_new(file, 0600);
    REQUIRE(fd.ok());
    REQUIRE(env.write_all(fd->get(), bytes).ok());
    made_.push_back(file);
    return file;
  }
  std::string folder(const std::string& name) {
    std::string made = path_ + "/" + name;
    REQUIRE(mkdir(made.c_str(), 0700) == 0);
    made_.push_back(made);
    return made;
  }

 private:
  std::string path_;
  std::vector<std::string> made_;
};

}  // namespace socbridge::wazuh::test
