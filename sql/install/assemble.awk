# assemble.awk: makes the install script of its parts.
#
#	awk -f assemble.awk training_arguments.txt 00-head.sql 01-support.sql ...
#
# training_arguments.txt has the arguments of a training, one a line, as in CREATE
# FUNCTION but without commas. In the parts the line @training_arguments@ stands for
# this list (and a comma after it for one after the list), and @training_argument_types@
# for the list of its types.

NR == FNR {
	arguments = arguments (FNR == 1 ? "" : ",\n") "\t" $0
	types = types (FNR == 1 ? "" : ", ") $2
	next
}

# Between two parts
FNR == 1 && FILENAME != ARGV[2] {
	print "\n"
}

/^@training_arguments@,?$/ {
	print arguments (/,$/ ? "," : "")
	next
}

{
	gsub(/@training_argument_types@/, types)
	print
}
