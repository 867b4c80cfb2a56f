// SPDX-License-Identifier: Apache-2.0
// The minimum cost of reading a day of alerts: gunzip, split into lines, parse each, keep nothing.
#include <rapidjson/document.h>
#include <zlib.h>

#include <cstdio>
#include <string>

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  gzFile file = gzopen(argv[1], "rb");
  if (file == nullptr) return 1;
  gzbuffer(file, 131072);
  std::string buffer;
  long alerts = 0;
  while (true) {
    const std::size_t had = buffer.size();
    buffer.resize(had + 65536);
    const int n = gzread(file, &buffer[had], 65536);
    if (n <= 0) break;
    buffer.resize(had + static_cast<std::size_t>(n));
    std::size_t start = 0;
    for (std::size_t end = buffer.find('\n'); end != std::string::npos;
         end = buffer.find('\n', start)) {
      rapidjson::Document document;
      document.Parse(buffer.data() + start, end - start);
      alerts += document.IsObject() ? 1 : 0;
      start = end + 1;
    }
    buffer.erase(0, start);
  }
  gzclose(file);
  std::printf("%ld\n", alerts);
  return 0;
}
