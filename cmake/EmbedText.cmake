# SPDX-License-Identifier: Apache-2.0
# socbridge_embed_text(<variable> [LISTED] FILES file... NAMESPACE a::b HEADER path)
#   Writes a .cc into the build tree that defines `std::string_view NAMESPACE::text(std::string_view name)`
#   over the given text files (name = file name without its suffix, or NAME of NAME=file), as declared in HEADER. Its path is
#   left in <variable>. LISTED: also `std::vector<std::string_view> NAMESPACE::names()`, all of them in the order of
#   FILES. Each file must be under 64 kB. Behind a file that begins with lines `# with PART` come
#   the files PART, named from its folder.
function(socbridge_embed_text variable)
  cmake_parse_arguments(PARSE_ARGV 1 arg "LISTED" "NAMESPACE;HEADER" "FILES")
  set(entries "")
  foreach(file IN LISTS arg_FILES)
    cmake_path(GET file STEM LAST_ONLY name)
    if(file MATCHES "^([a-z-]+)=(.+)$")
      set(name "${CMAKE_MATCH_1}")
      set(file "${CMAKE_MATCH_2}")
    endif()
    file(READ "${CMAKE_CURRENT_SOURCE_DIR}/${file}" text)
    set(parts "")
    while(text MATCHES "^# with ([^\n]+)\n")
      cmake_path(GET file PARENT_PATH folder)
      set(part "${CMAKE_CURRENT_SOURCE_DIR}/${folder}/${CMAKE_MATCH_1}")
      file(READ "${part}" rest)
      # Not REGEX REPLACE: `^` would match again after the removed text.
      string(FIND "${text}" "\n" line_end)
      math(EXPR line_end "${line_end} + 1")
      string(SUBSTRING "${text}" ${line_end} -1 text)
      string(APPEND parts "\n${rest}")
      set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${part}")
    endwhile()
    string(APPEND text "${parts}")
    string(APPEND entries "    Entry{\"${name}\", R\"__text__(${text})__text__\"},\n")
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/${file}")
  endforeach()
  set(names "")
  if(arg_LISTED)
    set(names [=[

std::vector<std::string_view> names() {
  std::vector<std::string_view> all;
  for (const Entry& entry : kTexts) {
    if (!entry.first.empty()) all.push_back(entry.first);
  }
  return all;
}
]=])
  endif()
  set(out "${CMAKE_CURRENT_BINARY_DIR}/${variable}.cc")
  file(CONFIGURE OUTPUT "${out}" @ONLY CONTENT [=[
#include "@arg_HEADER@"

#include <array>
#include <utility>

namespace @arg_NAMESPACE@ {
namespace {
using Entry = std::pair<std::string_view, std::string_view>;
const std::array kTexts = {
    Entry{"", ""},
@entries@};
}  // namespace

std::string_view text(std::string_view name) {
  for (const Entry& entry : kTexts) {
    if (entry.first == name) return entry.second;
  }
  return {};
}
@names@
}  // namespace @arg_NAMESPACE@
]=])
  set(${variable} "${out}" PARENT_SCOPE)
endfunction()
