demo-note = 예시 방송이에요
demo-loading = 예시 페스타를 준비하고 있어요 …
demo-port-taken = { $port }번 포트를 다른 프로그램이 쓰고 있어요. 다른 번호로 열어 주세요: PORT={ $other } make demo
demo-open =
    골목이 열렸어요
      첫 화면        { $url }/
      지금 방송      { $url }/shows/{ $show }/
      판매자 화면    { $url }/studio/
      운영자 화면    { $url }/desk/
      시청자 { $viewer } · 판매자 { $merchant } · 운영자 { $organiser } · 비밀번호 { $password }
      Ctrl-C로 멈춰요.
demo-gone-server = 서버가 멈춰서 모두 끝냈어요.
demo-gone-broadcaster = 예시 방송이 멈춰서 모두 끝냈어요.
demo-gone-crowd = 예시 시청자가 멈춰서 모두 끝냈어요.
demo-ended = 모두 멈췄어요.
