// SPDX-License-Identifier: Apache-2.0
#include "support/temp_dir.h"

#include <stdlib.h>
#include <sys/stat.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace socbridge::test {
namespace {

namespace fs = std::filesystem;

void require(bool done, const std::string& what) {
  if (done) return;
  std::fprintf(stderr, "TempDir: cannot make %s\n", what.c_str());
  std::abort();
}

}  // namespace

TempDir::TempDir() : path_("/tmp/socbridge-test-XXXXXX") {
  require(::mkdtemp(path_.data()) != nullptr, path_);
}

TempDir::~TempDir() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

std::string TempDir::write(std::string_view name, std::string_view bytes) const {
  std::string file = *this / name;
  fs::create_directories(fs::path(file).parent_path());
  std::ofstream out(file, std::ios::binary);
  out << bytes;
  out.close();
  require(out.good(), file);
  return file;
}

std::string TempDir::read(std::string_view name) const {
  std::ifstream in(*this / name, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string TempDir::folder(std::string_view name, mode_t mode) const {
  std::string made = *this / name;
  require(::mkdir(made.c_str(), 0700) == 0 && ::chmod(made.c_str(), mode) == 0, made);
  return made;
}

bool TempDir::has(std::string_view name) const { return fs::exists(*this / name); }

int TempDir::entries(std::string_view state) const {
  const std::string folder = *this / "queue/w2thive/" + std::string(state);
  if (!fs::exists(folder)) return 0;
  int count = 0;
  for (const auto& file : fs::directory_iterator(folder)) {
    if (file.path().extension() == ".alert") ++count;
  }
  return count;
}

}  // namespace socbridge::test
