#!/usr/bin/zsh -f
# SPDX-License-Identifier: MIT
# tab.zsh - what a shell makes of a line when Tab is pressed behind it
#
#	tab.zsh bash|zsh LINE...
#
# Runs the shell on a terminal of its own with the completion of
# contrib/host, and prints each line as it is then.
zmodload zsh/zpty
host=${0:a:h:h:h}/contrib/host/completion
end=$'\x18'	# prints the line, and clears it

case $1 in
zsh)
	zpty sh zsh -f -i
	zpty -w sh "fpath=(${(q)host} \$fpath); autoload -U compinit; compinit -u -D
tell() { print -r -- \"<\$BUFFER>\"; BUFFER= }
zle -N tell; bindkey '^X' tell; bindkey '^I' complete-word"
	;;
bash)
	zpty sh env TERM=dumb bash --norc --noprofile -i
	zpty -w sh ". ${(q)host}/oqfs
tell() { printf '<%s>\\n' \"\$READLINE_LINE\"; READLINE_LINE=; }
bind -r '\\C-x'; bind -x '\"\\C-x\": tell'"
	;;
esac
zpty -w sh "PS1= PS2=; stty -echo columns 200; echo rea''dy"
zpty -r sh out '*ready*' || exit

shift
for line; do
	zpty -wn sh $line$'\t'$end
	zpty -r sh out '*<*>*' || exit
	print -r -- ${${out##*<}%>*}
done
