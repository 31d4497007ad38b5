#!/bin/sh
# demo.sh BUILD: the sample project from form to workbook, in build/demo. The sample form server plays LimeSurvey and ODK
# Central on the loopback address; it ends when this script does, however that ends, since it watches the pipe that this
# script holds.
set -eu
build=$1
folder=build/demo
sample=samples/evaluering

rm -rf "$folder"
mkdir -p "$folder"
cp -r "$sample/." "$folder"

INNSIKT_SAMPLE_USER=innsikt
INNSIKT_SAMPLE_PASSWORD=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
INNSIKT_SAMPLE_KEY='everybody in the sample is invented' # so this key need not be a secret
export INNSIKT_SAMPLE_USER INNSIKT_SAMPLE_PASSWORD INNSIKT_SAMPLE_KEY

mkfifo "$folder/hold" "$folder/said"
"$build/samples/server/formserver" --until-eof "$sample"/forms/*.json <"$folder/hold" >"$folder/said" &
exec 3>"$folder/hold"
read -r _ port <"$folder/said" || { echo 'the sample form server did not start' >&2; exit 1; }
rm "$folder/hold" "$folder/said"
INNSIKT_SAMPLE_URL="http://127.0.0.1:$port/index.php/admin/remotecontrol"
INNSIKT_SAMPLE_ODK="http://127.0.0.1:$port/v1/projects/1"
export INNSIKT_SAMPLE_URL INNSIKT_SAMPLE_ODK

innsikt() {
    printf '\n$ innsikt %s\n' "$*"
    "$build/innsikt" "$@"
}
innsikt collect -C "$folder" -v
innsikt analyze -C "$folder" --results "$folder/results.json"
exec 3>&-
wait

cat <<END

Open this one:  $folder/innsikt.xlsx      the answer is on its first sheet
The numbers:    $folder/results.json
The project:    $folder/project.yaml
The store:      sqlite3 $folder/innsikt.db 'select * from answer limit 20'
END
