// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

// CLI11's headers take long to compile, so only the files that build and walk the command tree
// include them.
namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace socbridge::socctl {

// An option or a positional argument of a Command, which owns it. Setters return the option itself.
class Option {
 public:
  explicit Option(CLI::Option& option) : option_(&option) {}
  // The placeholder in help and manual pages, such as FILE.
  Option* type_name(const char* name);
  Option* required();
  // A list option takes one value per occurrence, not all following words. Without this, a list of
  // positional arguments takes all of them.
  Option* one_value_each();
  // Also splits values of the list at this character.
  Option* delimiter(char separator);
  // Cannot be combined with this option of the same command.
  Option* excludes(const Option* other);
  // Other values are refused during parsing.
  Option* one_of(std::initializer_list<const char*> words);
  Option* range(std::int64_t least, std::int64_t most);  // inclusive
  Option* positive();                                    // greater than zero

 private:
  CLI::Option* option_;
};

// A command with its options and subcommands. Targets of options must live until parsing is done,
// and as long as the callback needs them. Not thread safe.
class Command {
 public:
  // The root of a tree.
  Command(const char* name, const char* description);
  Command(Command&&) = delete;
  ~Command();

  Command* add_subcommand(const char* name, const std::string& description);
  // Exactly `count` subcommands must follow.
  void require_subcommand(int count);

  // `names`: "-o,--output", or a bare word for a positional argument. The target keeps its value if
  // the option is not given. Numbers out of their type's range are refused.
  Option* add_option(const char* names, std::string& target, const std::string& description);
  Option* add_option(const char* names, std::int64_t& target, const std::string& description);
  Option* add_option(const char* names, std::size_t& target, const std::string& description);
  Option* add_option(const char* names, int& target, const std::string& description);
  Option* add_option(const char* names, std::vector<std::string>& target,
                     const std::string& description);
  // `target` becomes true if the flag is given.
  Option* add_flag(const char* names, bool& target, const std::string& description);
  // "--wait{5m}": `target` becomes "5m", or TEXT of --wait=TEXT.
  Option* add_flag(const char* names, std::string& target, const std::string& description);

  // Called if the command was chosen, after all options were parsed.
  void callback(std::function<void()> function);

  // The subcommand of this name; null if there is none.
  const Command* child(std::string_view name) const;

  CLI::App& cli() { return *cli_; }
  const CLI::App& cli() const { return *cli_; }

 private:
  explicit Command(CLI::App& cli);
  Option* keep(CLI::Option& option);

  std::unique_ptr<CLI::App> root_;  // only in the root
  CLI::App* cli_;
  std::vector<std::unique_ptr<Command>> children_;
  std::vector<std::unique_ptr<Option>> options_;
};

}  // namespace socbridge::socctl
