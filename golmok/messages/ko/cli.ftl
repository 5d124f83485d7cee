cli-about = 골목: 동네 가게의 라이브 커머스
cli-up = 서버를 켜요
cli-demo = 예시 페스타를 열고 방송 하나를 내보내요
cli-doctor = 필요한 것이 다 있는지 살펴봐요
cli-organiser = 첫 운영자 계정을 만들어요
cli-serving = 골목이 { $url } 에서 열렸어요 (Ctrl-C로 멈춰요)
cli-port-taken = { $port }번 포트를 다른 프로그램이 쓰고 있어요. 그 프로그램을 멈추거나 다른 번호를 골라 주세요: PORT=8001
cli-port-free = { $port }번이 비어 있어요
cli-disk = { $path } 에 { $free }GB 남았어요
cli-database = { $kind }, 기다리는 변경 { $waiting }개
cli-no-fonts = 없어요. 먼저 화면을 만들어 주세요: npx vite build
cli-doctor-ffmpeg = ffmpeg
cli-doctor-disk = 저장 공간
cli-doctor-database = 데이터베이스
cli-doctor-pages = 화면
cli-doctor-fonts = 글꼴
cli-doctor-port = 포트
cli-doctor-operator = 운영자 정보
cli-doctor-done = { $sick ->
    [0] 모두 좋아요.
   *[other] 살펴볼 것이 { $sick }개 있어요.
}
