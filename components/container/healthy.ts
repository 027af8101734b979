/** Health checks that start no further program: bash itself opens the port. */

/** Succeeds when somebody listens at the port. */
export function answersTcp(port: number): string {
  return `bash -c 'exec 3<>/dev/tcp/127.0.0.1/${port}'`;
}

/** Succeeds when the path is answered with 200. */
export function answersHttp(port: number, path: string): string {
  return (
    `bash -c 'exec 3<>/dev/tcp/127.0.0.1/${port}; ` +
    `printf "GET ${path} HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n" >&3; read -r -t 4 line <&3; [[ $line == *" 200 "* ]]'`
  );
}
