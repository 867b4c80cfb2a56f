// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "socctl/common/app.h"
#include "socctl/common/command.h"
#include "socctl/common/tree.h"

namespace socbridge::socctl {
namespace {

std::string words_of(const Node& node) {
  std::string words;
  for (const Node& child : node.children) words += child.name + " ";
  for (const OptionInfo& option : node.options) {
    for (const std::string& name : option.names) words += name + " ";
  }
  if (!words.empty()) words.pop_back();
  return words;
}

void file_options(const Node& node, std::string& out) {
  for (const OptionInfo& option : node.options) {
    if (!option.file) continue;
    for (const std::string& name : option.names) {
      if (out.find(" " + name + " ") == std::string::npos) out += name + " ";
    }
  }
  for (const Node& child : node.children) file_options(child, out);
}

void bash_cases(const Node& node, std::string& out) {
  const bool wants_files = [&] {
    for (const OptionInfo& option : node.options) {
      if (option.names.empty() && option.file) return true;
    }
    return false;
  }();
  out += "    '" + node.path + "') words='" + words_of(node) +
         "'; files=" + (wants_files ? "yes" : "no") + " ;;\n";
  for (const Node& child : node.children) bash_cases(child, out);
}

void child_words(const Node& node, std::string& out) {
  for (const Node& child : node.children) {
    out += "      '" + node.path + " " + child.name + "') path=\"$path $word\" ;;\n";
    child_words(child, out);
  }
}

std::string bash_script(const Node& root) {
  std::string names = " ";
  file_options(root, names);
  std::string pattern;
  for (std::size_t at = 1; at < names.size();) {
    const std::size_t end = names.find(' ', at);
    pattern += (pattern.empty() ? "" : "|") + names.substr(at, end - at);
    at = end + 1;
  }
  std::string out = "# bash completion for " + root.name + "\n_" + root.name +
                    "() {\n  local word path='" + root.name +
                    "' words files current=\"${COMP_WORDS[COMP_CWORD]}\" "
                    "previous=\"${COMP_WORDS[COMP_CWORD-1]}\" i\n"
                    "  for ((i = 1; i < COMP_CWORD; i++)); do\n    word=\"${COMP_WORDS[i]}\"\n"
                    "    case \"$path $word\" in\n";
  child_words(root, out);
  out += "    esac\n  done\n  case \"$path\" in\n";
  bash_cases(root, out);
  out += "  esac\n  COMPREPLY=()\n  case \"$previous\" in\n";
  if (!pattern.empty()) {
    out += "    " + pattern + ") mapfile -t COMPREPLY < <(compgen -f -- \"$current\"); return ;;\n";
  }
  out +=
      "    -o|--output) mapfile -t COMPREPLY < <(compgen -W 'table plain json jsonl yaml' -- "
      "\"$current\"); return ;;\n  esac\n"
      "  mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$current\")\n"
      "  if [[ $files == yes && $current != -* ]]; then\n"
      "    mapfile -t -O \"${#COMPREPLY[@]}\" COMPREPLY < <(compgen -f -- \"$current\")\n  fi\n}\n"
      "complete -o filenames -F _" +
      root.name + " " + root.name + "\n";
  return out;
}

// zsh runs the bash function in its bash emulation, so both share one implementation.
std::string zsh_script(const Node& root) {
  return "#compdef " + root.name +
         "\nautoload -Uz bashcompinit && bashcompinit\n"
         "mapfile() {\n  local -a lines; local line name\n"
         "  while (( $# > 1 )); do shift; done\n  name=$1\n"
         "  while IFS= read -r line; do lines+=(\"$line\"); done\n"
         "  eval \"$name+=(\\\"\\${lines[@]}\\\")\"\n}\n" +
         bash_script(root);
}

std::string fish_quote(const std::string& text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + "'";
}

void fish_node(const Node& node, const std::string& root, const std::string& condition,
               std::string& out) {
  std::string names;
  for (const Node& child : node.children) names += child.name + " ";
  const std::string here = names.empty() ? condition
                                         : condition + (condition.empty() ? "" : "; and ") +
                                               "not __fish_seen_subcommand_from " +
                                               names.substr(0, names.size() - 1);
  for (const Node& child : node.children) {
    out += "complete -c " + root + " -f -n " + fish_quote(here) + " -a " + child.name + " -d " +
           fish_quote(child.description) + "\n";
  }
  for (const OptionInfo& option : node.options) {
    if (option.names.empty()) continue;
    out += "complete -c " + root + " -n " + fish_quote(here.empty() ? "true" : here);
    for (const std::string& name : option.names) {
      out += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
    }
    if (!option.value.empty()) {
      out += option.value == "FORMAT" ? " -x -a 'table plain json jsonl yaml'"
             : option.file            ? " -r -F"
                                      : " -x";
    }
    out += " -d " + fish_quote(option.description) + "\n";
  }
  for (const Node& child : node.children) {
    fish_node(child, root,
              condition + (condition.empty() ? "" : "; and ") + "__fish_seen_subcommand_from " +
                  child.name,
              out);
  }
}

}  // namespace

std::string completion_script(const Node& root, const std::string& shell) {
  if (shell == "bash") return bash_script(root);
  if (shell == "zsh") return zsh_script(root);
  std::string out = "# fish completion for " + root.name + "\n";
  fish_node(root, root.name, "", out);
  return out;
}

void add_completion(Command& app, Chosen& chosen) {
  Command* command = app.add_subcommand("completion", "Print the completion script of a shell");
  auto shell = std::make_shared<std::string>();
  command->add_option("shell", *shell, "bash, zsh or fish")
      ->required()
      ->type_name("SHELL")
      ->one_of({"bash", "zsh", "fish"});
  command->callback([&app, &chosen, shell] {
    chosen.handler = [&app, shell](Context&) {
      write_out(completion_script(describe(app), *shell));
      return ExitCode::ok;
    };
  });
}

}  // namespace socbridge::socctl
