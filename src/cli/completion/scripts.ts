import type { shells } from '../catalogue/shell.ts';

/**
 * What a shell needs to ask `eascmd __complete <words before> =<word at the cursor>`, which knows the command tree
 * and answers one candidate a line, with its meaning behind a tab; `:files` asks for the shell's own file names.
 */
export const completionScripts: Record<(typeof shells)[number], string> = {
  bash: `
# eascmd for bash: put this line into ~/.bashrc
#   eval "$(eascmd completion bash)"
_eascmd() {
  local program="\${1/#\\~/$HOME}" current="\${COMP_WORDS[COMP_CWORD]}" line file
  COMPREPLY=()
  while IFS= read -r line; do
    if [ "$line" = :files ]; then
      compopt -o filenames 2>/dev/null
      while IFS= read -r file; do COMPREPLY+=("$file"); done < <(compgen -f -- "$current")
    else
      COMPREPLY+=("\${line%%$'\\t'*}")
    fi
  done < <("$program" __complete "\${COMP_WORDS[@]:1:COMP_CWORD-1}" "=$current" 2>/dev/null)
}
complete -F _eascmd eascmd
`,
  zsh: `
#compdef eascmd
# eascmd for zsh: put this line into ~/.zshrc, after compinit
#   eval "$(eascmd completion zsh)"
_eascmd() {
  local -a described
  local line files
  while IFS= read -r line; do
    if [[ $line == :files ]]; then files=1
    elif [[ -n $line ]]; then described+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
    fi
  done < <("\${(Q)words[1]/#\\~/$HOME}" __complete "\${(@Q)words[2,CURRENT-1]}" "=\${(Q)words[CURRENT]}" 2>/dev/null)
  (( $#described )) && _describe eascmd described
  [[ -n $files ]] && _files
  return 0
}
if [[ $funcstack[1] == _eascmd ]]; then _eascmd "$@"; else compdef _eascmd eascmd; fi
`,
  fish: `
# eascmd for fish: put this line into ~/.config/fish/config.fish
#   eascmd completion fish | source
function __eascmd_complete
    set -l before (commandline -opc)
    set -l current (commandline -ct)
    set -l lines (eascmd __complete $before[2..-1] "=$current" 2>/dev/null)
    if contains -- :files $lines
        __fish_complete_path "$current"
    end
    string match -v -- :files $lines
end
complete -c eascmd -f -a '(__eascmd_complete)'
`,
  powershell: `
# eascmd for PowerShell: put this line into $PROFILE
#   eascmd completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName eascmd -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $words = @($commandAst.CommandElements | Select-Object -Skip 1 | ForEach-Object { "$_" })
    if ($wordToComplete -ne '') { $words = @($words | Select-Object -SkipLast 1) }
    & eascmd __complete @words "=$wordToComplete" 2>$null | Where-Object { $_ -and $_ -ne ':files' } | ForEach-Object {
        $word, $meaning = $_ -split "\`t", 2
        if (-not $meaning) { $meaning = $word }
        [System.Management.Automation.CompletionResult]::new($word, $word, 'ParameterValue', $meaning)
    }
}
`,
};
