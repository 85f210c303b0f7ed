/**
 * Completion scripts by shell. Each calls `parlor __complete -- WORDS…`, whose
 * last word is the one being typed, and gets one proposal a line.
 *
 * @module
 */

const BASH = `# Completion of parlor for bash.
_parlor() {
  local proposal
  COMPREPLY=()
  while IFS= read -r proposal; do
    COMPREPLY+=("$proposal")
  done < <("\${COMP_WORDS[0]}" __complete -- \\
    "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _parlor parlor
`;

const ZSH = `#compdef parlor
# Completion of parlor for zsh.
_parlor() {
  local -a proposals
  proposals=("\${(@f)$("\${words[1]}" __complete -- \\
    "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n "\${proposals[1]}" ]]; then
    compadd -a proposals
  else
    _files
  fi
}
if [[ "\${funcstack[1]}" == _parlor ]]; then
  _parlor "$@"
else
  compdef _parlor parlor
fi
`;

const FISH = `# Completion of parlor for fish.
function __parlor_complete
  set -l typed (commandline -opc)
  set -e typed[1]
  parlor __complete -- $typed (commandline -ct) 2>/dev/null
end
complete -c parlor -f -a '(__parlor_complete)'
complete -c parlor -n '__fish_seen_subcommand_from backup' -F
complete -c parlor -l key-file -r -F
`;

/** A script for each shell. */
export const COMPLETION_SCRIPTS = { bash: BASH, zsh: ZSH, fish: FISH } as const;

/** The shells that have one. */
export const SHELLS = ["bash", "zsh", "fish"] as const;
